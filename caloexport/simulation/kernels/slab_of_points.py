"""Bring points that left their slab sideways into one of the same kind, compiled."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.steps import SLAB, X, Y, Z

#: how many slabs up and down one of the same kind is looked for
REACH = 16


@kept()
def into_slabs(n, faces, kinds, inner_radius, rows):
    """Move rows in depth into the nearest slab of their kind; return how many are left.

    In inclined showers and in barrels, a point beside the axis lies in another slab than the
    axis does. Points in front of the first slab or behind the last are dropped.

    faces (n_slabs + 1,) mm · kinds (n_slabs,) · inner_radius: of a barrel, 0 for planes
    """
    kept = 0
    for i in range(n):
        y = rows[i, Y]
        z = rows[i, Z]
        depth = z
        if inner_radius > 0.0:
            depth = math.hypot(z + inner_radius, y) - inner_radius
        if not faces[0] <= depth < faces[faces.size - 1]:
            continue
        found = np.searchsorted(faces, depth, side="right") - 1
        slab = nearest_of_kind(found, int(rows[i, SLAB]), depth, faces, kinds)
        wanted = depth
        if slab != found:
            fraction = (depth - faces[found]) / (faces[found + 1] - faces[found])
            wanted = faces[slab] + fraction * (faces[slab + 1] - faces[slab])
        factor = (wanted + inner_radius) / (depth + inner_radius) if inner_radius > 0.0 else 1.0
        moved = (z + inner_radius) * factor - inner_radius if inner_radius > 0.0 else wanted
        for column in range(rows.shape[1]):
            rows[kept, column] = rows[i, column]
        rows[kept, X] = rows[i, X]
        rows[kept, Y] = y * factor
        rows[kept, Z] = moved
        rows[kept, SLAB] = slab
        kept += 1
    return kept


@kept()
def nearest_of_kind(found, own, depth, faces, kinds):
    """Return the slab of the kind of ``own`` that is nearest to ``found``; else ``found``."""
    for step in range(REACH):
        below = found - step
        above = found + step
        near_below = below >= 0 and kinds[below] == kinds[own]
        near_above = above < kinds.size and kinds[above] == kinds[own]
        if near_below and near_above:
            closer = depth - faces[below + 1] < faces[above] - depth
            return below if closer else above
        if near_below:
            return below
        if near_above:
            return above
    return found
