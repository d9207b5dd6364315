"""Mean and variance of a position, weighted with the energy of one profile per shower."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def profile_moments(profile: Float64, position: Float64) -> tuple[Float64, Float64]:
    """Return ΣE x/ΣE and ΣE (x - mean)²/ΣE of each shower, (n,) each; NaN without energy.

    Args:
        profile: (n, bins) MeV.
        position: (bins,) of the bins.

    >>> profile_moments(np.array([[1.0, 0.0, 3.0]]), np.array([0.0, 1.0, 2.0]))
    (array([1.5]), array([0.75]))
    """
    total = profile.sum(axis=1)
    weight = np.divide(profile, total[:, None], where=total[:, None] > 0, out=profile * np.nan)
    first = (weight * position).sum(axis=1)  # not a matrix product: that depends on the block
    second = ((position - first[:, None]) ** 2 * weight).sum(axis=1)
    return first, second
