"""Add steps to the cells of a window of detector cells."""

from __future__ import annotations

import math

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.steps import ENERGY, SLAB, X, Y, Z


@kept()
def add_to_window(steps, layer_of_slab, entry, axes, radius, cosh, table, first, lower, cells):
    """Add a block of steps to a window.

    steps (k, 5) · layer_of_slab (n_slabs,), -1 for none · entry (3,) · axes (3, 3) rows x', y', z' ·
    radius of the front face · cosh of the particle's η · table (layers, 4) n_eta, n_phi, d_eta, d_phi ·
    first (layers,) cell · lower (layers, 2) η, φ edge of the window from the axis · cells
    """
    for i in range(steps.shape[0]):
        layer = layer_of_slab[int(steps[i, SLAB])]
        if layer < 0:
            continue
        x = steps[i, X] - entry[0]
        y = steps[i, Y] - entry[1]
        z = steps[i, Z] - entry[2]
        distance = radius + steps[i, Z] / cosh
        # x' grows with θ, against η
        eta = -(axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z) / distance
        phi = (axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z) / distance
        row = math.floor((eta - lower[layer, 0]) / table[layer, 2])
        column = math.floor((phi - lower[layer, 1]) / table[layer, 3])
        if row < 0 or row >= table[layer, 0] or column < 0 or column >= table[layer, 1]:
            continue
        cells[first[layer] + row * int(table[layer, 1]) + column] += steps[i, ENERGY]
