from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.converters.contract import apply_contract
from caloexport.runtime.reference import evaluate
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import bare, close, linear, trained


def test_gaussino_feeds_vectors_by_position(tmp_path: Path) -> None:
    """ModelServerSvc::evaluate: each vector takes the model's shape, open axes become 1."""
    model = bare({"noise": 5, "energy": 1}, 7)
    path = consumers.converted(model, "gaussino-onnx", "onnx", tmp_path / "a.onnx")
    z, energy = np.random.default_rng(1).normal(size=(1, 5)), np.array([[0.3]])
    found = consumers.by_position(path, z, energy)
    close(found, evaluate(model.network, {"noise": z, "energy": energy}))


def test_fixed_conditions_are_no_inputs_any_more() -> None:
    generator = trained((linear(1e6),))
    assert apply_contract(generator, "gaussino-onnx", "onnx").network.inputs == {"x": (7,)}
