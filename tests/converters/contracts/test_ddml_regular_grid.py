from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import PAR04, bare, close, latents, linear, trained


def test_ddml_feeds_the_latents_and_then_the_energy(tmp_path: Path) -> None:
    """RegularGridGANModel: two inputs by position, whatever their order in the training."""
    model = bare({"energy": 1, "noise": 8}, 30)
    path = consumers.converted(model, "ddml-regular-grid", "onnx", tmp_path / "a.onnx")
    z, energy_gev = latents(NoiseLaw(8, "uniform", -1.0, 1.0)), [[40.0]]
    found = consumers.by_position(path, z, energy_gev)
    close(found, evaluate(model.network, {"noise": z, "energy": energy_gev}))


def test_cells_of_a_cylinder_are_refused() -> None:
    law = NoiseLaw(8, "uniform", -1.0, 1.0)
    with pytest.raises(UnsupportedError, match="has cells of its own"):
        apply_contract(trained((linear(1e3),), PAR04, law), "ddml-regular-grid", "onnx")
