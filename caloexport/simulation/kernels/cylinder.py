"""Add steps to the cells of a regular cylinder."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.points import ALONG, RADIUS, TURN
from caloexport.simulation.steps import ENERGY, SLAB, X, Y, Z


@kept()
def add_to_cylinder(steps, counts, entry, axes, dr, dz, n_r, n_phi, n_z, cells):
    """Add a block of steps to a cylinder.

    steps (k, 5) · counts (n_slabs,) bool · entry (3,) · axes (3, 3) rows x', y', z' ·
    cells (n_r * n_phi * n_z,), order r, φ, z
    """
    for i in range(steps.shape[0]):
        if not counts[int(steps[i, SLAB])]:
            continue
        x = steps[i, X] - entry[0]
        y = steps[i, Y] - entry[1]
        z = steps[i, Z] - entry[2]
        depth = axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z
        layer = math.floor(depth / dz)
        if layer < 0 or layer >= n_z:
            continue
        across = axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z
        up = axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z
        ring = int(math.sqrt(across * across + up * up) / dr)
        if ring >= n_r:
            continue
        # φ = π itself belongs to the last cell, and rounding must not make it one more
        sector = min(int((math.atan2(up, across) + np.pi) / (2 * np.pi) * n_phi), n_phi - 1)
        cells[(ring * n_phi + sector) * n_z + layer] += steps[i, ENERGY]


@kept()
def add_points_to_cylinder(points, counts, dr, dz, n_r, n_phi, n_z, cells):
    """Add a block of points, which are in coordinates of the shower, to a cylinder.

    points (k, 5) · the rest as for ``add_to_cylinder``
    """
    per_r = 1.0 / dr
    per_z = 1.0 / dz
    for i in range(points.shape[0]):
        ring = points[i, RADIUS] * per_r
        layer = points[i, ALONG] * per_z
        if ring >= n_r or layer >= n_z or layer < 0.0 or not counts[int(points[i, SLAB])]:
            continue
        sector = min(int(points[i, TURN] * n_phi), n_phi - 1)
        cells[(int(ring) * n_phi + sector) * n_z + int(layer)] += points[i, ENERGY]
