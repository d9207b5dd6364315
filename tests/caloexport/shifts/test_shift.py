from __future__ import annotations

import json

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.shifts.groups import Group
from caloexport.shifts.quantities import sums_of
from caloexport.shifts.shift import Shift, shifts_of

MESH = CylinderMesh(1, 1, 3)
N = 4000
RNG = np.random.default_rng(41)
GROUP = Group({"energy_mev": 1_000.0}, {}, np.zeros((N, 1), np.float32))


def showers() -> np.ndarray:
    """Return showers of three cells: 500 ± 50, 200 ± 10, and nothing."""
    cells = np.zeros((N, 1, 1, 3))
    cells[..., 0] = RNG.normal(500, 50, size=(N, 1, 1))
    cells[..., 1] = RNG.normal(200, 10, size=(N, 1, 1))
    return cells


def compare(reference: np.ndarray, found: np.ndarray) -> dict[str, Shift]:
    shifts = shifts_of(GROUP, sums_of(reference, MESH, {}), sums_of(found, MESH, {}))
    return {str(shift.quantity): shift for shift in shifts}


def test_a_moved_mean_is_counted_in_widths() -> None:
    cells = showers()
    moved = cells.copy()
    moved[..., 1] += 1.0
    layer = compare(cells, moved)["energy in the layer 1"]
    width = cells[..., 1].std()
    assert layer.mean == pytest.approx(200, abs=1)
    assert layer.width == pytest.approx(width)
    assert layer.mean_shift == pytest.approx(1 / width)
    assert layer.width_shift == pytest.approx(0, abs=1e-9)
    assert layer.mean_error < 1e-9  # the latents are the same: the same shift in every shower
    assert layer.size == layer.mean_shift


def test_a_wider_distribution() -> None:
    cells = showers()
    wider = cells.copy()
    wider[..., 0] = 500 + 1.1 * (cells[..., 0] - 500)
    layer = compare(cells, wider)["energy in the layer 0"]
    assert layer.width_shift == pytest.approx(0.1, abs=1e-6)
    assert abs(layer.mean_shift) < 0.01


def test_the_error_is_that_of_the_paired_difference() -> None:
    """Noise of a tenth of the width moves the mean by 0.1/√n widths, its width by half a per cent."""
    cells = showers()
    noisy = cells + RNG.normal(0, 5, size=cells.shape) * [1, 0, 0]
    layer = compare(cells, noisy)["energy in the layer 0"]
    assert layer.mean_error == pytest.approx(0.1 / np.sqrt(N), rel=0.3)
    assert abs(layer.mean_shift) < 5 * layer.mean_error
    assert layer.width_shift == pytest.approx(0.005, abs=5 * layer.width_error)


def test_an_empty_layer_divides_by_no_zero() -> None:
    cells = showers()
    assert compare(cells, cells)["energy in the layer 2"].size == 0
    found = cells.copy()
    found[..., 2] = 0.07 * 1e-4  # of 700 MeV: a hundred millionth of the shower
    assert compare(cells, found)["energy in the layer 2"].mean_shift == pytest.approx(
        1e-4, rel=1e-3
    )
    found[..., 2] = 7
    assert compare(cells, found)["energy in the layer 2"].mean_shift == pytest.approx(100, rel=1e-3)


def test_showers_without_any_energy() -> None:
    empty = np.zeros((N, 1, 1, 3))
    assert all(shift.size == 0 for shift in compare(empty, empty).values())


def test_a_shift_is_json() -> None:
    cells = showers()
    shift = compare(cells, cells)["energy in the layer 1"]
    data = json.loads(json.dumps(shift.to_json(), allow_nan=False))
    assert data["observable"] == "layer_energy"
    assert data["element"] == 1
    assert data["group"] == {"energy_mev": 1_000.0}
    assert data["mean_shift"] == data["width_shift"] == 0
