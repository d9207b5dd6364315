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
    found = radii_of_share(edges, lateral.sum(axis=0)[None], share)[0]
    return 0.0 if np.isnan(found) else float(found)


def radii_of_share(edges: Float64, lateral: Float64, share: float = SHARE) -> Float64:
    """Return the radius inside which a share of each shower's energy lies, linear between edges.

    Args:
        edges: (bins + 1,) of the radial bins.
        lateral: (n, bins) MeV.
        share: of the energy in the bins, above 0 and below 1.

    Returns:
        (n,) in the unit of the edges; NaN for a shower without energy.

    >>> radii_of_share(np.array([0.0, 10.0, 20.0]), np.array([[8.0, 2.0], [9.0, 0.0], [0.0, 0.0]]))
    array([15.,  9., nan])
    """
    total = lateral.sum(axis=1)
    parts = np.divide(lateral, total[:, None], where=total[:, None] > 0, out=lateral * np.nan)
    inside = np.cumsum(parts, axis=1)
    # the first bin that reaches the share; the sum of all may be short of 1 by rounding
    which = np.minimum((inside < share).sum(axis=1), lateral.shape[1] - 1)
    held = np.take_along_axis(parts, which[:, None], axis=1)[:, 0]
    before = np.take_along_axis(inside, which[:, None], axis=1)[:, 0] - held
    # of a shower without energy all is NaN
    return np.asarray(edges[which] + (share - before) / held * np.diff(edges)[which])
