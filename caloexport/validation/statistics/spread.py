"""Spread: how much a number changes from shower to shower."""

from __future__ import annotations

from caloexport.runtime.arrays import Float64


def spread(values: Float64) -> float:
    """Return the standard deviation of a number per shower (n,); 0 of one shower.

    >>> import numpy as np
    >>> round(spread(np.array([1.0, 3.0])), 3)
    1.414
    """
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0
