from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer
from caloexport.runtime.output_maps import OutputMap, output_maps

LAYERED = LayeredMesh((MeshLayer(0, (0.0, 1.0, 2.0), 1), MeshLayer(1, (0.0, 1.0), 1)))
#: mesh, network output (cells | total | layers), incident energy, cells in MeV
CASES = [
    (LAYERED, [0.25, 0.75, 1.0, 0.5, 0.4, 0.6], 100.0, [30.0, 90.0, 180.0]),
    # the layers of a cylinder are its z, wherever the order puts them
    (CylinderMesh(2, 1, 2), [0.1, 0.2, 0.9, 0.8, 1.0, 0.5, 0.5], 10.0, [3, 6, 27, 24]),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("mesh", "outputs", "incident", "expected"), CASES)
def test_formula(
    mesh: Mesh, outputs: list[float], incident: float, expected: list[float], dtype: str
) -> None:
    assert output_maps["layer_fractions"].n_outputs(mesh, {}) == len(outputs)
    chosen = OutputMap("layer_fractions", {"total_scale": 6.0})
    cells = chosen.energies(np.array([outputs], dtype=dtype), np.array([incident]), mesh)
    assert cells.dtype == dtype
    np.testing.assert_allclose(cells, [expected], rtol=1e-6)


def test_energy_is_conserved() -> None:
    rng = np.random.default_rng(1)
    mesh = LayeredMesh(tuple(MeshLayer(i, tuple(range(i + 3)), 4) for i in range(5)))
    layer = mesh.indices()["z"]
    fractions = rng.random((7, len(layer)))
    for z in range(mesh.n_layers):
        fractions[:, layer == z] /= fractions[:, layer == z].sum(axis=1, keepdims=True)
    total, shares = rng.random((7, 1)), rng.dirichlet(np.ones(mesh.n_layers), 7)
    incident = rng.uniform(1e3, 1e5, 7)
    outputs = np.concatenate([fractions, total, shares], axis=1)
    cells = OutputMap("layer_fractions", {"total_scale": 2.0}).energies(outputs, incident, mesh)
    deposit = 2.0 * total[:, 0] * incident
    np.testing.assert_allclose(cells.sum(axis=1), deposit, rtol=1e-12)
    for z in range(mesh.n_layers):
        found = cells[:, layer == z].sum(axis=1)
        np.testing.assert_allclose(found, deposit * shares[:, z], rtol=1e-12)
