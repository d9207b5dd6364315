"""Radius that holds a share of the energy of the mesh."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64

SHARE = 0.9


def radius_of_share(edges: Float64, lateral: Float64, share: float = SHARE) -> float:
    """Return the radius inside which a share of the summed energy lies, linear between edges.

    Args:
        edges: (bins + 1,) of the radial bins.
        lateral: (n, bins) MeV.
        share: of the energy in the bins.

    Returns:
        in the unit of the edges; 0 for a sample without energy.

    >>> radius_of_share(np.array([0.0, 10.0, 20.0]), np.array([[8.0, 2.0]]))
    15.0
    """
    inside = np.concatenate([[0.0], np.cumsum(lateral.sum(axis=0))])
    if not inside[-1] > 0:
        return 0.0
    return float(np.interp(share, inside / inside[-1], edges))
