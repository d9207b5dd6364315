"""Sharing showers over a readout: conservation, places, and one answer from both backends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.arrays import Float32, Float64
from caloexport.runtime.cell_list import cells_of
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from caloexport.runtime.needles import golden_order, needles_of
from caloexport.runtime.readout import Readout
from caloexport.runtime.readout_file import readout_from_data
from caloexport.runtime.sharing import ReadoutHits, Sharing

MESH = CylinderMesh(6, 10, 12, 2.0, 3.0)
RIGHT = math.pi / 2
BACKENDS = ["numpy", "numba"]


def readout(**changes: Any) -> Readout:
    layer = {
        "depth": ["0mm", "3mm"], "repeat": 12, "pitch": "3mm", "cell": ["5mm", "4mm"],
        "cells": [40, 40],
    }  # fmt: skip
    return readout_from_data("test", {"layers": [layer | changes]})


def showers(n: int = 2, seed: int = 0, mesh: CylinderMesh = MESH) -> Float32:
    random = np.random.default_rng(seed)
    cells = random.exponential(10, (n, *mesh.shape)) * (random.random((n, *mesh.shape)) < 0.3)
    return cells.astype(np.float32)


def sums(hits: ReadoutHits) -> Float64:
    """Sum hits and what is lost, for each shower."""
    parts = np.split(hits.energies.astype(np.float64), hits.offsets[1:-1])
    return np.array([part.sum() for part in parts]) + hits.dead_mev + hits.outside_mev


def moments(sharing: Sharing, hits: ReadoutHits) -> Float64:
    """Return the mean place (3,) of hits, weighted with their energies."""
    centres = sharing.readout.centres(hits.cells)
    places = np.stack([centres["x_mm"], centres["y_mm"], centres["z_mm"]])
    return np.asarray(np.average(places, axis=1, weights=hits.energies))


readouts = st.builds(
    readout,
    cell=st.tuples(st.floats(0.5, 30), st.floats(0.5, 30)).map(lambda xy: [f"{c}mm" for c in xy]),
    cells=st.tuples(st.integers(1, 60), st.integers(1, 60)).map(list),
    offset=st.tuples(st.floats(-9, 9), st.floats(-9, 9)).map(lambda xy: [f"{c:f}mm" for c in xy]),
    gap=st.sampled_from([["0mm", "0mm"], ["0.3mm", "0mm"], ["0.1mm", "0.4mm"]]),
    depth=st.floats(0.5, 3).map(lambda end: ["0mm", f"{end}mm"]),
    repeat=st.integers(2, 15),
)


@settings(max_examples=25, deadline=None)
@given(readouts, st.floats(0.1, math.pi - 0.1), st.floats(-50, 50), st.floats(-50, 50))
def test_no_energy_is_lost_or_made_and_both_backends_agree(
    found: Readout, theta_rad: float, x_mm: float, y_mm: float
) -> None:
    cells = showers(1)
    one, other = (
        Sharing(found, MESH, backend=name).share(cells, theta_rad, (x_mm, y_mm))
        for name in BACKENDS
    )
    for ours, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    total = cells.sum(dtype=np.float64)
    np.testing.assert_allclose(sums(one), [total], rtol=1e-7)
    assert one.dead_mev.min() >= 0
    assert one.outside_mev.min() >= 0
    assert (one.energies > 0).all()
    assert (np.diff(one.cells) > 0).all()
    assert one.cells.size == 0 or 0 <= one.cells[0] <= one.cells[-1] < found.n_cells


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_perpendicular_shower_keeps_its_layers(backend: str) -> None:
    cells = showers(3)
    sharing = Sharing(readout(), MESH, backend=backend)
    hits = sharing.share(cells, RIGHT)
    for i in range(3):
        part = slice(hits.offsets[i], hits.offsets[i + 1])
        layers = sharing.readout.indices(hits.cells[part])["layer"]
        found = np.bincount(layers, hits.energies[part], minlength=12)
        np.testing.assert_allclose(found, cells[i].sum(axis=(0, 1), dtype=float), rtol=1e-6)
    assert hits.dead_mev.tolist() == [0, 0, 0]
    assert hits.outside_mev.tolist() == [0, 0, 0]


@pytest.mark.parametrize(("cell", "along"), [((0, 0), -1.0), ((0, 5), 1.0)])
def test_phi_zero_is_the_direction_of_growing_theta(cell: tuple[int, int], along: float) -> None:
    """At 90° that is minus the beam axis; azimuth cell 5 begins at φ = 0, cell 0 at -π."""
    cells = np.zeros((1, *MESH.shape), np.float32)
    cells[0, 5, cell[1], 4] = 7
    sharing = Sharing(readout(cell=["0.5mm", "0.5mm"], cells=[100, 100]), MESH)
    x_mm, y_mm, z_mm = moments(sharing, sharing.share(cells, RIGHT))
    phi = -math.pi + (cell[1] + 0.5) * 2 * math.pi / 10
    radius = 11.03 * math.sin(math.pi / 10) / (math.pi / 10)
    assert x_mm == pytest.approx(-radius * math.cos(phi), abs=0.1)
    assert y_mm == pytest.approx(-radius * math.sin(phi), abs=0.1)
    assert math.copysign(1, -x_mm) == along
    assert z_mm == pytest.approx(13.5)


@pytest.mark.parametrize("theta_rad", [0.8, RIGHT, 2.2])
def test_the_shower_lies_along_the_particle(theta_rad: float) -> None:
    """The mean place is that of the mesh, rotated and shifted."""
    cells = np.zeros((1, *MESH.shape), np.float32)
    cells[0, 0, :, 6] = 1
    sharing = Sharing(readout(cell=["0.5mm", "0.5mm"], cells=[400, 400]), MESH)
    found = moments(sharing, sharing.share(cells, theta_rad, (3.0, -2.0)))
    along = 19.5
    expected = [3 + along * math.cos(theta_rad), -2, along * math.sin(theta_rad)]
    np.testing.assert_allclose(found[:2], expected[:2], atol=0.15)
    assert found[2] == pytest.approx(expected[2], abs=1.5)  # layers of 3 mm


def test_gaps_take_their_part_of_the_area() -> None:
    # even over the area, and over where it lies
    even = np.ones((1, *MESH.shape), np.float32) * (2 * np.arange(6) + 1)[:, None, None]
    cells = np.repeat(even, 20, axis=0).astype(np.float32)
    entries = np.random.default_rng(0).uniform(-5, 5, (20, 2))
    sharing = Sharing(readout(gap=["0.5mm", "0.4mm"]), MESH)
    for theta_rad in (RIGHT, 1.0):
        hits = sharing.share(cells, theta_rad, entries)
        inside = cells.sum() - hits.outside_mev.sum()
        assert hits.dead_mev.sum() / inside == pytest.approx(1 - 0.9 * 0.9, abs=0.01)


def test_layers_that_are_apart_leave_what_is_between_dead() -> None:
    cells = np.ones((1, *MESH.shape), np.float32)
    hits = Sharing(readout(depth=["0mm", "1mm"]), MESH).share(cells, RIGHT)
    # 12 sensors of 1 mm and 11 distances of 2 mm; the last 2 mm are behind the detector
    np.testing.assert_allclose(
        [hits.energies.sum(), hits.dead_mev[0], hits.outside_mev[0]],
        cells.sum() * np.array([12, 22, 2]) / 36,
        rtol=1e-6,
    )


def test_a_shower_beside_the_cells_is_outside() -> None:
    cells = showers(1)
    hits = Sharing(readout(), MESH).share(cells, RIGHT, (500.0, 0.0))
    assert len(hits.cells) == 0
    np.testing.assert_allclose(hits.outside_mev, [cells.sum()], rtol=1e-6)


def test_moving_by_one_cell_moves_the_hits_by_one_cell() -> None:
    sharing = Sharing(readout(cell=["4mm", "4mm"]), MESH)
    here, there = (sharing.share(showers(1), 1.1, (x, y)) for x, y in ((0, 0), (4, -4)))
    before, after = (sharing.readout.indices(hits.cells) for hits in (here, there))
    np.testing.assert_array_equal(before["ix"] + 1, after["ix"])
    np.testing.assert_array_equal(before["iy"] - 1, after["iy"])
    np.testing.assert_allclose(here.energies, there.energies, rtol=1e-5)


@pytest.mark.parametrize("order", [("r", "phi", "z"), ("z", "phi", "r"), ("z", "r", "phi")])
def test_the_storage_order_of_the_mesh_does_not_matter(order: tuple[str, ...]) -> None:
    cells = showers(1)
    moved = np.moveaxis(cells, [1 + ("r", "phi", "z").index(axis) for axis in order], [1, 2, 3])
    expected = Sharing(readout(), MESH).share(cells, 1.2)
    found = Sharing(readout(), MESH.in_order(order)).share(np.ascontiguousarray(moved), 1.2)
    np.testing.assert_array_equal(found.cells, expected.cells)
    np.testing.assert_array_equal(found.energies, expected.energies)


def test_lists_of_cells_give_what_dense_showers_give() -> None:
    cells = showers(3)
    sharing = Sharing(readout(), MESH)
    thetas, entries = [1.2, 1.3, 1.4], [(0, 0), (1, 0), (0, 2)]
    one, other = (sharing.share(given, thetas, entries) for given in (cells, cells_of(cells)))
    for ours, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    alone = sharing.share(cells[1:2], 1.3, (1, 0))
    np.testing.assert_array_equal(one.cells[one.offsets[1] : one.offsets[2]], alone.cells)


def test_needles_fill_a_cell_evenly() -> None:
    needles = needles_of(CylinderMesh(1, 1, 1, 2.0, 1.0), [64])
    assert np.mean(needles.x_mm) == pytest.approx(0, abs=0.02)
    assert np.mean(needles.y_mm) == pytest.approx(0, abs=0.02)
    np.testing.assert_allclose(np.mean(np.hypot(needles.x_mm, needles.y_mm) ** 2), 2.0)
    assert all(sorted(golden_order(n)) == list(range(n)) for n in range(1, 65))


def test_more_needles_change_few_percent_of_the_energy() -> None:
    """What docs/readout.md says of the accuracy, for cells as coarse as the mesh."""
    cells = showers(1)
    sharing = Sharing(readout(), MESH)
    found = sharing.share(cells, 1.2)
    sharing.needles = needles_of(MESH, [64] * 6)
    exact = sharing.share(cells, 1.2)
    dense = [np.zeros(sharing.readout.n_cells) for _ in range(2)]
    for one, hits in zip(dense, (found, exact), strict=True):
        one[hits.cells] = hits.energies
    misplaced = np.abs(dense[0] - dense[1]).sum() / 2 / cells.sum()
    assert 0 < misplaced < 0.04


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="layers of its own"):
        Sharing(readout(), LayeredMesh((MeshLayer(0, (0.0, 1.0), 1),)))
    with pytest.raises(UnsupportedError, match="cells of known size"):
        Sharing(readout(), CylinderMesh(2, 2, 2))
    sharing = Sharing(readout(), MESH)
    with pytest.raises(UsageError, match=r"shape \(1, 3\), expected \(n, \(6, 10, 12\)\)"):
        sharing.share(np.zeros((1, 3), np.float32), RIGHT)
    with pytest.raises(UsageError, match="moves along the layers"):
        sharing.share(showers(1), 0.01)
    with pytest.raises(UsageError, match="'theta_rad' has the shape"):
        sharing.share(showers(1), [1.0, 1.1])
    with pytest.raises(UsageError, match=r"enters at \(nan, 0\) mm"):
        sharing.share(showers(1), RIGHT, (math.nan, 0))
