from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers.order import reorder
from caloexport.validation.projections import axis_edges, layer_sums, project


@settings(derandomize=True, max_examples=25, deadline=None)
@given(sizes=some.tuples(*[some.integers(1, 5)] * 3), order=some.permutations(["r", "phi", "z"]))
def test_the_storage_order_does_not_matter(sizes: tuple[int, int, int], order: list[str]) -> None:
    mesh = CylinderMesh(*sizes)
    cells = np.random.default_rng(0).random((2, *sizes)).astype(np.float32)
    other = mesh.in_order(tuple(order))
    moved = reorder(cells, mesh, tuple(order))
    exact = cells.astype(np.float64)
    assert np.allclose(project(moved, other, "z"), exact.sum(axis=(1, 2)), rtol=1e-12)
    assert np.allclose(project(moved, other, "r"), exact.sum(axis=(2, 3)), rtol=1e-12)


@pytest.mark.parametrize("order", ["z-phi-r", "r-phi-z", "phi-z-r"])
def test_weighted_sums_of_layers(order: str) -> None:
    mesh = CylinderMesh(2, 5, 3).in_order(tuple(order.split("-")))
    random = np.random.default_rng(1)
    cells = random.random((4, *mesh.shape)).astype(np.float32)
    index = mesh.indices()
    weights = random.random((5, 2, 2))[index["phi"], index["r"]]
    exact = (cells.reshape(4, -1, 1).astype(np.float64) * weights[None]).swapaxes(0, 1)
    expected = np.stack([exact[index["z"] == z].sum(axis=0) for z in range(3)], axis=1)
    found = layer_sums(cells, mesh, weights)
    assert np.allclose(found, expected, rtol=1e-13)
    alone = [layer_sums(cells[k : k + 1], mesh, weights) for k in range(4)]
    assert np.array_equal(np.concatenate(alone), found), "depends on the block"


def test_layers_with_cells_of_their_own() -> None:
    """Common radial bins: 0-1, 1-2, 2-4; the cell from 0 to 4 counts at its centre, 2."""
    mesh = LayeredMesh((MeshLayer(3, (0.0, 1.0, 2.0), 2), MeshLayer(7, (0.0, 4.0), 1)))
    cells = np.array([[1.0, 2.0, 4.0, 8.0, 16.0]])
    assert project(cells, mesh, "z").tolist() == [[15.0, 16.0]]
    weights = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0], [1.0, 4.0]])
    assert layer_sums(cells, mesh, weights).tolist() == [[[15.0, 34.0], [16.0, 64.0]]]
    assert axis_edges(mesh, "r")[0].tolist() == [0.0, 1.0, 2.0, 4.0]
    assert project(cells, mesh, "r").tolist() == [[5.0, 10.0, 16.0]]
    assert axis_edges(mesh, "z")[1] == "layers"


def test_units_of_the_edges() -> None:
    known, unknown = CylinderMesh(2, 1, 3, 2.5, 3.0), CylinderMesh(2, 1, 3)
    assert axis_edges(known, "z")[1] == "mm"
    assert axis_edges(known, "z")[0].tolist() == [0.0, 3.0, 6.0, 9.0]
    assert axis_edges(unknown, "r")[1] == "cells"
    assert axis_edges(unknown, "z")[1] == "layers"


def test_a_window_of_cells_has_layers_but_no_radius() -> None:
    cells = np.ones((2, 266), dtype=np.float32)
    assert project(cells, ATLAS_WINDOW, "z").tolist() == [[21, 168, 49, 28]] * 2
    assert axis_edges(ATLAS_WINDOW, "z")[1] == "layers"
    for call in (lambda: project(cells, ATLAS_WINDOW, "r"), lambda: axis_edges(ATLAS_WINDOW, "r")):
        with pytest.raises(UnsupportedError, match="distance"):
            call()


@pytest.mark.parametrize("n_r", [18, 255, 256])
def test_cells_are_counted_however_many_there_are(n_r: int) -> None:
    hit = np.ones((1, n_r, 2, 3), dtype=bool)
    mesh = CylinderMesh(n_r, 2, 3)
    assert project(hit, mesh, "z").tolist() == [[2 * n_r] * 3]
    assert project(hit, mesh, "phi").tolist() == [[3 * n_r] * 2]
