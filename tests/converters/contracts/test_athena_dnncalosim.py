from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import LayeredMesh, Mesh, MeshLayer
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import ENERGY, bare, close, latents, linear, trained

#: 21 + 168 + 49 + 28 cells, one "ring" each
CELLS = LayeredMesh(
    tuple(MeshLayer(k, (0.0, 1.0), n) for k, n in enumerate((21, 168, 49, 28))), ("z", "r", "phi")
)
SIZES = {"Z": 300, "E_true": 1, "pconfig": 4, "econfig": 2, "ripos": 2}
ENERGY_MEV, ETA, PHI = 65_000.0, 0.011, -0.009


def fed(z: np.ndarray) -> consumers.Inputs:
    """DNNCaloSimSvc::fillNetworkInputs for φ index 6 and η index 10."""
    return {
        "Z": consumers.numbered(z, "{}"),
        "E_true": {"0": (math.log(ENERGY_MEV) - 9.70406053) / 1.76099569},
        "pconfig": {str(k): float(k == 6 % 4) for k in range(4)},
        "econfig": {str(k): float(k == (10 + 1) % 2) for k in range(2)},
        "ripos": {
            "0": (ETA - 3.47603256e-05) / 0.00722316,
            "1": (PHI + 5.42153684e-05) / 0.00708241,
        },
    }


@pytest.mark.parametrize("mesh", [CELLS, ATLAS_WINDOW], ids=["layered", "window"])
def test_athena_reads_the_cells_of_the_generator(tmp_path: Path, mesh: Mesh) -> None:
    """Other scales of every number, another order of conditions and of codes."""
    terms = (
        linear(0.01, "ripos_phi"),
        Term("log_ratio", "energy_mev", {"low": 1024.0, "high": 262144.0}),
        linear(0.02, "ripos_eta"),
        Term("one_hot", "econfig", {"codes": {"0": 1, "1": 0}, "size": 2}),
        Term("one_hot", "pconfig", {"codes": {str(k): k for k in range(4)}, "size": 4}),
    )
    conditions = (
        ENERGY,
        Condition("ripos_eta", -0.02, 0.02),
        Condition("ripos_phi", -0.02, 0.02),
        Condition("econfig", categories=("0", "1")),
        Condition("pconfig", categories=tuple("0123")),
    )
    generator = trained(terms, mesh, NoiseLaw(300), conditions=conditions)
    path = consumers.converted(generator, "athena-dnncalosim", "lwtnn", tmp_path / "a.json")
    z = latents(NoiseLaw(300))
    outputs = consumers.lwtnn(path, fed(z))
    found = np.array([outputs[str(k)] for k in range(266)]) * ENERGY_MEV
    given = {"energy_mev": ENERGY_MEV, "ripos_eta": ETA, "ripos_phi": PHI}
    given |= {"pconfig": "2", "econfig": "1"}
    close(found, generator.decode(z, given), 1e-5)


def test_a_keras_file_with_the_five_inputs_is_taken_as_it_is(tmp_path: Path) -> None:
    model = bare(
        {name: SIZES[name] for name in ("ripos", "econfig", "pconfig", "Z", "E_true")}, 266
    )
    path = consumers.converted(model, "athena-dnncalosim", "lwtnn", tmp_path / "a.json")
    assert [node["name"] for node in json.loads(path.read_text())["inputs"]] == list(SIZES)
    inputs = fed(latents(NoiseLaw(300)))
    outputs = consumers.lwtnn(path, inputs)
    arrays = {
        name: np.array([[values[str(k)] for k in range(SIZES[name])]])
        for name, values in inputs.items()
    }
    found = np.array([outputs[str(k)] for k in range(266)])
    close(found, evaluate(model.network, arrays))


def test_another_number_of_cells_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="reads 266 cells, the network has 265"):
        apply_contract(bare(SIZES, 265), "athena-dnncalosim", "lwtnn")
