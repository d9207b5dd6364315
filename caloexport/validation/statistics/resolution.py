"""Resolution: spread of the response over its mean."""

from __future__ import annotations

from caloexport.runtime.arrays import Float64


def resolution(response: Float64) -> float:
    """Return the standard deviation of total over incident energy (n,), relative to its mean.

    >>> import numpy as np
    >>> round(resolution(np.array([0.9, 1.1])), 3)
    0.141
    """
    mean = float(response.mean())
    return float(response.std(ddof=1)) / mean if mean > 0 and len(response) > 1 else 0.0
