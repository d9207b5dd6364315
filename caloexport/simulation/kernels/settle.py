"""Put the deposits of steps inside their own slabs, and sum them per slab."""

from __future__ import annotations

import math

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.steps import ENERGY, SLAB, Y, Z


@kept()
def settle(rows, edges, inset, radius, sums):
    """Move the rows (k, 5) that lie on a face of their slab inside by ``inset``, in place.

    A step that crosses a layer ends on its face, where rounding decides on which side it is.
    edges (n_slabs + 1,) depths · radius of a barrel's front face, or 0 for planes ·
    sums (n_slabs,) grow by the energies
    """
    for i in range(rows.shape[0]):
        slab = int(rows[i, SLAB])
        sums[slab] += rows[i, ENERGY]
        low = edges[slab] + inset
        high = edges[slab + 1] - inset
        if radius > 0:
            y = rows[i, Y]
            z = rows[i, Z] + radius
            distance = math.sqrt(y * y + z * z)
            depth = distance - radius
            if depth < low or depth > high:
                scale = (radius + min(max(depth, low), high)) / distance
                rows[i, Y] = y * scale
                rows[i, Z] = z * scale - radius
        else:
            rows[i, Z] = min(max(rows[i, Z], low), high)
