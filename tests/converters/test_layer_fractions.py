from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.assembly import Assembly
from caloexport.converters.layer_fractions import multiplied_out
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer, n_cells
from caloexport.runtime.network import Network
from caloexport.runtime.output_maps import output_maps
from caloexport.runtime.reference import evaluate

LAYERED = (MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(9, (0.0, 2.0), 1), MeshLayer(12, (0, 1), 7))
MESHES = {
    "cylinder": CylinderMesh(2, 3, 4),
    "layers in front": CylinderMesh(2, 3, 4, order=("z", "r", "phi")),
    "layers in the middle": CylinderMesh(2, 3, 4, order=("phi", "z", "r")),
    "layered": LayeredMesh(LAYERED),
    "one layer": LayeredMesh(LAYERED[:1], ("z", "r", "phi")),
}


@pytest.mark.parametrize("name", MESHES)
def test_the_product_is_that_of_the_output_map(name: str) -> None:
    mesh: Mesh = MESHES[name]
    size = n_cells(mesh) + 1 + mesh.n_layers
    parts = Assembly(["y"])
    result = multiplied_out(parts, "y", mesh, 1.5)
    network = Network({"y": (size,)}, parts.nodes, [result])
    outputs = np.random.default_rng(1).random((5, size))
    kind = output_maps["layer_fractions"]
    expected = kind.apply(outputs.copy(), np.ones(5), mesh, {"total_scale": 1.5})
    np.testing.assert_allclose(evaluate(network, {"y": outputs}), expected, rtol=1e-14)
    assert network.parameters == 2  # the scale and its offset: nothing grows with the mesh
