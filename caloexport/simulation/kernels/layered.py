"""Add steps to layers of r-α voxels."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.steps import ENERGY, SLAB, X, Y, Z


@kept()
def add_to_layers(steps, layer_of_slab, entry, axes, edges, first_edge, first_cell, sizes, cells):
    """Add a block of steps to layers of voxels, order layer, α, r.

    steps (k, 5) · layer_of_slab (n_slabs,), -1 for none · entry (3,) · axes (3, 3) rows x', y', z' ·
    edges of all layers behind each other · first_edge, first_cell (layers,) · sizes (layers, 2)
    n_r, n_alpha · cells
    """
    for i in range(steps.shape[0]):
        layer = layer_of_slab[int(steps[i, SLAB])]
        if layer < 0:
            continue
        x = steps[i, X] - entry[0]
        y = steps[i, Y] - entry[1]
        z = steps[i, Z] - entry[2]
        # x' grows with θ, against η
        eta = -(axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z)
        phi = axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z
        radius = math.sqrt(eta * eta + phi * phi)
        n_r, n_alpha = sizes[layer, 0], sizes[layer, 1]
        start = first_edge[layer]
        if radius < edges[start] or radius >= edges[start + n_r]:
            continue
        ring = 0
        while radius >= edges[start + ring + 1]:
            ring += 1
        # α = π itself belongs to the last voxel, and rounding must not make it one more
        sector = min(int((math.atan2(phi, eta) + np.pi) / (2 * np.pi) * n_alpha), n_alpha - 1)
        cells[first_cell[layer] + sector * n_r + ring] += steps[i, ENERGY]
