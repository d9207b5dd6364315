"""Deposits on the faces of slabs belong to the slab that they were made in."""

from __future__ import annotations

import math

import numpy as np

from caloexport.simulation.kernels.settle import settle

EDGES = np.array([-1.0, 0.0, 2.0, 5.0])
INSET = 1e-6


def test_planes() -> None:
    rows = np.array(
        [[1.0, 3.0, 4.0, 0.0, 0], [2.0, 3.0, 4.0, 0.0, 1], [4.0, 0.0, 0.0, 2.0 + 1e-12, 1],
         [8.0, 5.0, 6.0, 3.0, 2]]
    )  # fmt: skip
    sums = np.array([0.0, 1.0, 0.0])
    settle(rows, EDGES, INSET, 0.0, sums)
    assert sums.tolist() == [1.0, 7.0, 8.0]
    assert rows[:, 3].tolist() == [-INSET, INSET, 2.0 - INSET, 3.0]
    assert rows[:, 1:3].tolist() == [[3, 4], [3, 4], [0, 0], [5, 6]]


def test_barrel() -> None:
    radius, angle = 100.0, 0.3
    faces = [0.0, 0.0, 2.0, 3.0]
    slabs = [0, 1, 1, 2]
    rows = np.array(
        [[1.0, 7.0, (radius + depth) * math.sin(angle),
          (radius + depth) * math.cos(angle) - radius, slab]
         for depth, slab in zip(faces, slabs, strict=True)]
    )  # fmt: skip
    before = rows.copy()
    settle(rows, EDGES, INSET, radius, np.zeros(3))
    depths = np.hypot(rows[:, 2], rows[:, 3] + radius) - radius
    np.testing.assert_allclose(depths, [-INSET, INSET, 2 - INSET, 3], atol=1e-12)
    np.testing.assert_allclose(np.arctan2(rows[:, 2], rows[:, 3] + radius), angle)
    np.testing.assert_array_equal(rows[3], before[3])
    np.testing.assert_array_equal(rows[:, 1], before[:, 1])
