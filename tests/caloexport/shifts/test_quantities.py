from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.shifts.quantities import PROJECTED, Sums, joined, sums_of
from caloexport.validation.observables import observables
from tests.runtime.test_mesh import CALOCHALLENGE, LAYERS

RNG = np.random.default_rng(31)
MESHES: list[Mesh] = [
    CylinderMesh(3, 4, 5, 2.0, 3.0),
    CylinderMesh(3, 4, 5, 2.0, 3.0, order=("z", "phi", "r")),
]


def showers(mesh: Mesh, n: int = 6) -> np.ndarray:
    cells = RNG.exponential(10.0, size=(n, *mesh.shape)).astype(np.float32)
    cells[cells < 4] = 0
    return cells


def column(sums: Sums, name: str) -> list[int]:
    return [k for k, q in enumerate(sums.quantities) if q.observable == name]


@pytest.mark.parametrize("mesh", MESHES, ids=str)
@pytest.mark.parametrize("name", [*PROJECTED, "occupancy"])
def test_numbers_are_those_of_the_observables(mesh: Mesh, name: str) -> None:
    cells, given = showers(mesh), {"energy_mev": np.full(6, 100.0)}
    sums = sums_of(cells, mesh, given)
    expected = observables[name].compute(cells, mesh, given).reshape(6, -1)
    places = column(sums, name)
    np.testing.assert_allclose(sums.first[:, places], expected, rtol=1e-6)
    np.testing.assert_allclose(sums.second[:, places], expected**2, rtol=1e-6)
    assert (sums.count[:, places] == 1).all()


def test_windows_of_cells_have_the_quantities_without_a_radius() -> None:
    sums = sums_of(showers(ATLAS_WINDOW), ATLAS_WINDOW, {})
    names = {quantity.observable for quantity in sums.quantities}
    assert {"total_energy", "layer_energy", "occupancy", "cell_spectrum"} <= names
    assert not any("lateral" in name for name in names)
    assert np.isfinite(sums.first).all()


def test_the_spectrum_adds_up_over_hits() -> None:
    mesh = MESHES[0]
    cells = showers(mesh)
    cells[0, 0, 0, 0] = 1e-5  # below the cut: no hit
    sums = sums_of(cells, mesh, {})
    (place,) = column(sums, "cell_spectrum")
    for n, shower in enumerate(cells):
        logarithms = np.log10(shower[shower > 5e-4].astype(np.float64))
        assert sums.count[n, place] == len(logarithms)
        assert sums.first[n, place] == pytest.approx(logarithms.sum(), rel=1e-5)
        assert sums.second[n, place] == pytest.approx((logarithms**2).sum(), rel=1e-5)


def test_an_empty_shower_has_no_depth_and_no_hit() -> None:
    mesh = MESHES[0]
    sums = sums_of(np.zeros((1, *mesh.shape), np.float32), mesh, {})
    for name in ("longitudinal_first_moment", "lateral_second_moment", "cell_spectrum"):
        assert sums.count[0, column(sums, name)] == 0
        assert sums.first[0, column(sums, name)] == 0
    assert sums.count[0, column(sums, "total_energy")] == 1
    assert np.isfinite(sums.first).all()


def test_blocks_join() -> None:
    mesh = MESHES[0]
    cells = showers(mesh)
    parts = joined([sums_of(cells[:2], mesh, {}), sums_of(cells[2:], mesh, {})])
    whole = sums_of(cells, mesh, {})
    np.testing.assert_array_equal(parts.first, whole.first)
    assert parts.quantities == whole.quantities


def test_layers_with_cells_of_their_own() -> None:
    mesh = LayeredMesh(LAYERS, CALOCHALLENGE)
    sums = sums_of(showers(mesh), mesh, {})
    assert len(column(sums, "layer_energy")) == mesh.n_layers


def test_quantities_have_names_for_people() -> None:
    names = {str(q) for q in sums_of(showers(MESHES[0]), MESHES[0], {}).quantities}
    assert {"total energy", "energy in the layer 4", "cells above the readout cut"} <= names
    assert "energy by distance from the axis, bin 2" in names
