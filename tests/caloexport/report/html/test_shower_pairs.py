"""Showers of the 3-D display: the right ones, and energies as they were, to 16 bits of a logarithm."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from caloexport.report.html.shower_pairs import packed, shower_pairs
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from tests.caloexport.report.html.pages import cylinder_showers
from tests.caloexport.validation.window_showers import MESH, window_showers


def unpacked(one: dict) -> tuple[np.ndarray, np.ndarray]:
    cells = np.frombuffer(base64.b64decode(one["cells"]), "<u4" if one["wide"] else "<u2")
    places = np.frombuffer(base64.b64decode(one["energies"]), "<u2") / 65535
    return cells, one["low"] * (one["high"] / one["low"]) ** places


def test_cells_and_energies_come_back() -> None:
    showers = cylinder_showers(1, n=2)
    one = packed(showers, 3, most=1000)
    flat = showers.read(slice(3, 4))[0].ravel()
    cells, energies = unpacked(one)
    assert cells.tolist() == np.flatnonzero(flat).tolist()
    assert energies == pytest.approx(flat[cells], rel=2e-4)
    assert one["hits"] == len(cells)
    assert one["total"] == pytest.approx(float(flat.sum()), rel=1e-5)
    assert (one["left_out"], one["wide"]) == (0.0, False)
    assert one["label"] == "4 GeV shower"


def test_the_faintest_are_left_out_and_told() -> None:
    mesh = CylinderMesh(1, 1, 4)
    cells = np.array([4.0, 1.0, 0.0, 5.0], np.float32).reshape(1, 1, 1, 4)
    showers = from_arrays(cells, mesh, {"energy_mev": np.array([10.0])})
    one = packed(showers, 0, most=2)
    kept, energies = unpacked(one)
    assert kept.tolist() == [0, 3]
    assert energies == pytest.approx([4.0, 5.0], rel=1e-4)
    assert one["left_out"] == pytest.approx(0.1)
    assert one["hits"] == 3


def test_numbers_of_large_meshes_take_32_bits() -> None:
    mesh = CylinderMesh(300, 300, 1)
    cells = np.zeros((1, *mesh.shape), np.float32)
    cells[0, 299, 299, 0] = 2.0
    one = packed(from_arrays(cells, mesh, {"energy_mev": np.array([2.0])}), 0, most=9)
    assert one["wide"]
    assert unpacked(one)[0].tolist() == [89_999]


def test_an_empty_shower_has_no_cells() -> None:
    cells = np.zeros((1, 1, 1, 2), np.float32)
    showers = from_arrays(cells, CylinderMesh(1, 1, 2), {"energy_mev": np.array([5.0])})
    one = packed(showers, 0, most=9)
    assert unpacked(one)[0].size == 0
    assert one["hits"] == one["total"] == 0


def chosen(reference: Showers, generated: Showers) -> list[tuple[int, int]]:
    pairs = shower_pairs(reference, generated)["pairs"]
    return [(pair["reference"]["index"], pair["generated"]["index"]) for pair in pairs]


def test_showers_of_a_model_stand_beside_their_reference() -> None:
    pairs = chosen(cylinder_showers(1), cylinder_showers(2))
    assert len(pairs) == 24
    assert all(first == second for first, second in pairs)


def test_others_are_the_nearest_in_energy_and_angle() -> None:
    reference, generated = cylinder_showers(1, n=6), cylinder_showers(2, n=9)
    for first, second in chosen(reference, generated):
        for name in ("energy_mev", "theta_rad"):
            assert reference.conditions[name][first] == generated.conditions[name][second]


def test_conditions_that_are_no_numbers_are_far_from_all() -> None:
    reference, generated = cylinder_showers(1, n=6), cylinder_showers(2, n=9)
    generated.conditions["theta_rad"][:6] = np.nan
    pairs = dict(chosen(reference, generated))
    assert set(pairs) == set(range(12))
    assert not any(pairs[first] < 6 for first in range(6))


def test_none_is_shown_twice_while_others_are_left() -> None:
    pairs = chosen(cylinder_showers(1, n=10), cylinder_showers(2, n=10))
    assert len({second for _, second in pairs}) == len(pairs) == 20


def test_windows_lie_where_the_shower_says() -> None:
    showers = window_showers(n=3)
    one = packed(showers, 2, most=300)
    assert one["lower_edges"] == MESH.lower_edges(pconfig=2, econfig=0).tolist()
