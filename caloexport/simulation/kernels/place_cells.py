"""Write the cells of a generated shower as steps of the detector."""

from __future__ import annotations

import math

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.steps import ENERGY, SLAB, X, Y, Z


@kept()
def place_cells(energies, factor, centres, entry, axes, radius, edges, counted, rows):
    """Write a step at the centre of every cell that is hit, and return how many there are.

    energies (n_cells,), divided by factor · centres (n_cells, 3) in the frame of the shower · entry (3,) ·
    axes (3, 3) rows x', y', z' · radius of a barrel, 0 for planes · edges (n_slabs + 1,) depths ·
    counted (n_slabs,) slab to write for one at a depth · rows (n_cells, 5)
    """
    n_slabs = edges.size - 1
    count = 0
    slab = 0
    for cell in range(energies.size):
        if energies[cell] == 0:
            continue
        across, up, along = centres[cell, 0], centres[cell, 1], centres[cell, 2]
        y = entry[1] + axes[0, 1] * across + axes[1, 1] * up + axes[2, 1] * along
        z = entry[2] + axes[0, 2] * across + axes[1, 2] * up + axes[2, 2] * along
        depth = math.hypot(y, z + radius) - radius if radius > 0 else z
        # from one cell to the next the depth changes little: a search from the start costs more
        while slab < n_slabs - 1 and depth >= edges[slab + 1]:
            slab += 1
        while slab > 0 and depth < edges[slab]:
            slab -= 1
        rows[count, ENERGY] = energies[cell] / factor
        rows[count, X] = entry[0] + axes[0, 0] * across + axes[1, 0] * up + axes[2, 0] * along
        rows[count, Y] = y
        rows[count, Z] = z
        rows[count, SLAB] = counted[slab]
        count += 1
    return count
