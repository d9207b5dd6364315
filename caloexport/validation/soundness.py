"""Count cells that hold no energy: negative, infinite or not a number."""

from __future__ import annotations

import numpy as np

from caloexport.showers.showers import Showers


def unsound_cells(showers: Showers) -> int:
    """Return how many cells of all showers are negative or not finite.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> from caloexport.showers import from_arrays
    >>> cells = np.array([[[[1.0, -2.0, np.nan]]]])
    >>> showers = from_arrays(cells, CylinderMesh(1, 1, 3), {"energy_mev": np.ones(1)})
    >>> unsound_cells(showers)
    2
    """
    total = 0
    for _, stored in showers.raw_chunks():
        total += stored.size - int(np.count_nonzero((stored >= 0) & (stored < np.inf)))
    return total
