from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.contracts import Cells
from caloexport.converters.fitting.cells import fit_cells
from caloexport.converters.rewrites import rearrange as module
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.reference import evaluate
from tests.converters.contracts.generators import ENERGY
from tests.networks import dense


@pytest.mark.parametrize("origin", [0.0, -np.pi], ids=["same origin", "half a turn"])
@pytest.mark.parametrize("by_matrix", [True, False], ids=["matrix", "axes"])
def test_cells_of_a_convolution_are_exchanged(
    origin: float, by_matrix: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A last layer that is not dense: by a matrix when it is small, else by the axes."""
    if not by_matrix:
        monkeypatch.setattr(module, "MATRIX_LIMIT", 0)
    mesh = CylinderMesh(2, 4, 3, order=("z", "phi", "r"), phi_origin_rad=0.0)
    nodes = [
        dense("cells", "x", 2, 24),
        Node("shaped", "reshape", ("cells",), {"shape": [3, 4, 2]}),
        Node("upside", "slice", ("shaped",), {"axis": 0, "start": 2, "step": -1, "length": 3}),
    ]
    network = Network({"x": (2,)}, nodes, ["upside"])
    linear = Term("linear", "energy_mev", {"offset": 0.0, "scale": 1e6})
    output = OutputMap("fraction_of_incident", {})
    sampling = Sampling(NoiseLaw(1), (ENERGY,), Encoding((linear,)), output, mesh)
    cells = Cells(family="cylinder", order=("r", "phi", "z"), phi_origin_rad=origin)
    changed, _, found_mesh, _ = fit_cells(network, sampling, cells, None, "test")
    x = np.ones((1, 2))
    expected = evaluate(network, {"x": x})[0].transpose(2, 1, 0)
    expected = np.roll(expected, 2 if origin else 0, axis=1)
    np.testing.assert_array_equal(evaluate(changed, {"x": x})[0].reshape(2, 4, 3), expected)
    assert found_mesh.order == ("r", "phi", "z")
    assert ("permute" in {node.kind for node in changed.nodes}) != by_matrix
