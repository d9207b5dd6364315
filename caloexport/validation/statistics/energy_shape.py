"""Shape of the response beyond its mean and width: tails, skewness, a second peak."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def shape_distance(reference: Float64, generated: Float64) -> float:
    """Return the Kolmogorov-Smirnov distance of two standardised samples, between 0 and 1.

    Each sample is taken in each window about its own mean, in units of its own width, and all
    windows together: a wrong scale or resolution does not count here.

    Args:
        reference, generated: (n, 2): number of the window, and the response of each shower.

    >>> one = np.stack([np.zeros(4), [1.0, 2.0, 3.0, 4.0]], axis=1)
    >>> shape_distance(one, one * [1.0, 3.0])
    0.0
    """
    usual, found = np.sort(_standardised(reference)), np.sort(_standardised(generated))
    places = np.concatenate([usual, found])
    below, other = (np.searchsorted(one, places, side="right") / len(one) for one in (usual, found))
    return float(np.abs(below - other).max())


def _standardised(rows: Float64) -> Float64:
    _, which = np.unique(rows[:, 0], return_inverse=True)
    count = np.bincount(which)
    away = rows[:, 1] - (np.bincount(which, rows[:, 1]) / count)[which]
    width = np.sqrt(np.bincount(which, away**2) / count)[which]
    # rounded, so that what is equal but for the order of sums stays equal
    return np.divide(away, width, where=width > 0, out=np.zeros_like(away)).round(9)
