from __future__ import annotations

import numpy as np

from caloexport.simulation.kernels.slab_of_points import into_slabs

#: heavy, light, heavy, light, gap
FACES = np.array([0.0, 4.0, 5.0, 9.0, 10.0, 12.0])
KINDS = np.array([0, 1, 0, 1, 2])


def settled(*points: tuple[float, int]) -> list[tuple[float, int]]:
    rows = np.array([[1.0, 0.0, 0.0, z, slab] for z, slab in points])
    kept = into_slabs(len(rows), FACES, KINDS, 0.0, rows)
    return [(float(row[3]), int(row[4])) for row in rows[:kept]]


def test_points_of_the_right_kind_stay() -> None:
    assert settled((2.0, 0), (6.0, 0), (4.5, 3)) == [(2.0, 0), (6.0, 2), (4.5, 1)]


def test_others_go_to_the_nearest_slab_of_their_kind() -> None:
    # at the same fraction of the slab's thickness
    assert settled((3.0, 1), (8.0, 1)) == [(4.75, 1), (9.75, 3)]
    assert settled((4.25, 0), (4.75, 0)) == [(1.0, 0), (8.0, 2)]


def test_points_outside_are_dropped() -> None:
    assert settled((-0.1, 0), (12.0, 4), (11.0, 4)) == [(11.0, 4)]


def test_in_a_barrel_depth_is_the_radius() -> None:
    rows = np.array([[1.0, 0.0, 63.0, -16.0, 1.0]])
    # radius √(84² + 63²) = 105 in a barrel of 100: the face of the second heavy slab
    assert into_slabs(1, FACES, KINDS, 100.0, rows) == 1
    assert rows[0, 4] == 1
    assert np.hypot(rows[0, 3] + 100, rows[0, 2]) == 104.0
    assert rows[0, 2] / (rows[0, 3] + 100) == 0.75
