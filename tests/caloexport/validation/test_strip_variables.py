"""Shower shapes of ATLAS, held against loops over the cells of each shower."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW, WindowLayer, WindowMesh
from caloexport.validation.observables import observables
from caloexport.validation.strip_array import strip_array
from caloexport.validation.window_layers import layer_cells, strips_of

STRIP_SHAPES = ("e_ratio", "delta_e", "w_eta1", "w_stot", "f_side")
SHAPES = ("r_eta", "r_phi", "w_eta2", *STRIP_SHAPES)
#: a window of other sizes: four strips to a middle cell, two rows, strips in the last layer
SMALL = WindowMesh(
    (WindowLayer(7, 5, 6, 0.1, 0.05), WindowLayer(8, 12, 2, 0.025, 0.1)), reference=0
)


def showers(mesh: WindowMesh, n: int) -> Array:
    """Return sparse showers whose hottest middle cells are all over the window."""
    random = np.random.default_rng(13)
    cells = random.exponential(40.0, (n, *mesh.shape))
    return np.where(random.random(cells.shape) < 0.5, 0.0, cells).astype(np.float32)


def middle_shapes(middle: Array, size: float) -> dict[str, float]:
    """Loop over the middle cells, as a list (η, φ)."""
    cells = {(i, j): float(middle[i, j]) for i, j in np.ndindex(*middle.shape)}
    hot = max(cells, key=lambda cell: cells[cell])

    def within(n_eta: int, n_phi: int) -> dict[tuple[int, int], float]:
        return {
            (i, j): energy
            for (i, j), energy in cells.items()
            if 2 * abs(i - hot[0]) < n_eta and 2 * abs(j - hot[1]) < n_phi
        }

    near = within(3, 5)
    total = sum(near.values())
    mean = sum(e * i for (i, _), e in near.items()) / total
    square = sum(e * i**2 for (i, _), e in near.items()) / total
    return {
        "r_eta": sum(within(3, 7).values()) / sum(within(7, 7).values()),
        "r_phi": sum(within(3, 3).values()) / sum(within(3, 7).values()),
        "w_eta2": size * math.sqrt(square - mean**2),
    }


def merged_strips(mesh: WindowMesh, cells: Array, pconfig: int, econfig: int) -> dict[float, float]:
    """Pick strips by their positions: within 2.5 middle cells and one row of the hottest cell.

    Energies by the distance in η from the hottest middle cell, in middle cells.
    """
    number = strips_of(mesh)
    assert number is not None
    positions, layers = mesh.positions(pconfig, econfig), mesh.indices()["z"]
    in_middle = np.flatnonzero(layers == mesh.reference)
    eta, phi = positions[in_middle[cells[in_middle].argmax()]]
    size = mesh.layers[mesh.reference].d_eta
    found: dict[float, float] = {}
    for cell in np.flatnonzero(layers == number):
        distance = round((positions[cell, 0] - eta) / size, 6)
        if abs(distance) < 2.5:
            found.setdefault(distance, 0.0)
            if abs(positions[cell, 1] - phi) < mesh.layers[number].d_phi * 0.9999:
                found[distance] += float(cells[cell])
    return dict(sorted(found.items()))


def strip_shapes(by_distance: dict[float, float]) -> dict[str, float]:
    """Compute what egammaStripsShape.cxx does, with its loops."""
    distances, strips = list(by_distance), list(by_distance.values())
    top = max(range(len(strips)), key=lambda i: strips[i])
    first, second, place = strips[top], 0.0, -1
    if not first:
        return dict.fromkeys(STRIP_SHAPES, math.nan)
    for i in range(1, len(strips) - 1):
        peak = strips[i] > strips[i - 1] and strips[i] > strips[i + 1]
        if peak and i != top and strips[i] > second:
            second, place = strips[i], i
    least = 0.0
    if place > 0:
        least = min(strips[min(top, place) + 1 : max(top, place)])

    def around(reach: int) -> list[int]:
        return [i for i in range(len(strips)) if abs(i - top) <= reach]

    core = sum(strips[i] for i in around(1))
    inside = [i for i in range(len(strips)) if abs(distances[i]) <= 1.25]
    total = sum(strips[i] for i in inside)
    squares = sum(strips[i] * (i - top) ** 2 for i in inside)
    return {
        "e_ratio": (first - second) / (first + second),
        "delta_e": second - least,
        "w_eta1": math.sqrt(sum(strips[i] * (i - top) ** 2 for i in around(1)) / core),
        "w_stot": math.sqrt(squares / total) if total else math.nan,
        "f_side": sum(strips[i] for i in around(3)) / core - 1 if first > 60 else math.nan,
    }


@pytest.mark.parametrize("mesh", [ATLAS_WINDOW, SMALL], ids=["atlas", "small"])
def test_shapes_are_those_of_loops_over_cells(mesh: WindowMesh) -> None:
    n = 200
    cells = showers(mesh, n)
    given = {"pconfig": np.arange(n) % 4, "econfig": np.arange(n) // 4 % 2}
    found = {name: observables[name].compute(cells, mesh, given) for name in SHAPES}
    middle = layer_cells(cells, mesh, mesh.reference)
    seen = set()
    for shower in range(n):
        strips = merged_strips(mesh, cells[shower], *(int(given[name][shower]) for name in given))
        size = mesh.layers[mesh.reference].d_eta
        expected = {**middle_shapes(middle[shower], size), **strip_shapes(strips)}
        for name in SHAPES:
            assert found[name][shower] == pytest.approx(expected[name], abs=1e-7, nan_ok=True), name
        seen.add(len(strips))
    assert len(seen) > 1  # arrays that the window of the data cuts off, too


def line(strips: Float64, row: int = 1) -> Array:
    """Return one shower with a hottest cell in the middle and strips in one row."""
    cells = np.zeros((1, *ATLAS_WINDOW.shape))
    layer_cells(cells, ATLAS_WINDOW, 2)[0, 3, 3] = 1000.0
    layer_cells(cells, ATLAS_WINDOW, 1)[0, 20 : 20 + len(strips), row] = strips
    return cells


def shape(name: str, cells: Array, pconfig: int = 1) -> float:
    given = {"pconfig": np.array([pconfig])}
    return float(observables[name].compute(cells, ATLAS_WINDOW, given)[0])


def test_strip_variables_by_hand() -> None:
    cells = line(np.array([10.0, 30.0, 20.0, 100.0, 40.0, 5.0, 60.0, 0.0]))
    assert shape("e_ratio", cells) == pytest.approx(40 / 160)
    assert shape("delta_e", cells) == pytest.approx(60 - 5)
    assert shape("w_eta1", cells) == pytest.approx(math.sqrt(60 / 160))
    assert shape("f_side", cells) == pytest.approx(265 / 160 - 1)
    spread = [100 * 0, 20 * 1, 40 * 1, 30 * 4, 5 * 4, 10 * 9, 60 * 9]
    assert shape("w_stot", cells) == pytest.approx(math.sqrt(sum(spread) / 265))


def test_one_maximum_only() -> None:
    cells = line(np.array([10.0, 50.0, 20.0]))
    assert shape("e_ratio", cells) == 1
    assert shape("delta_e", cells) == 0
    assert math.isnan(shape("f_side", cells))  # the hottest strip has less than 60 MeV
    assert shape("w_eta1", line(np.array([50.0]))) == 0


def test_the_nearer_row_of_strips_is_merged() -> None:
    """The impact cell is the lowest (0) to highest (3) of four in its row of strips."""
    alone = line(np.array([70.0]), row=1)
    for row, merged in ((0, [True, True, False, False]), (2, [False, False, True, True])):
        other = alone + line(np.array([70.0, 40.0]), row=row)
        found = [strip_array(other, ATLAS_WINDOW, {"pconfig": np.array([p])}) for p in range(4)]
        assert [float(one.total[0]) for one in found] == [180.0 if m else 70.0 for m in merged]


def test_without_strips_there_are_none() -> None:
    coarse = WindowMesh((WindowLayer(0, 3, 3, 0.1, 0.1), WindowLayer(1, 3, 3, 0.2, 0.1)))
    for name in SHAPES:
        applies = observables[name].applies
        assert applies(ATLAS_WINDOW)
        assert applies(coarse) == (name in ("r_eta", "r_phi", "w_eta2"))
        assert not applies(CylinderMesh(2, 2, 2))
