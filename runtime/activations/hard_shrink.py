"""Hard shrinkage: small values become 0."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("hard_shrink", threshold=0.5)
def hard_shrink(x: Array, threshold: float) -> Array:
    """Return x where |x| is above the threshold, 0 elsewhere."""
    return np.where(np.abs(x) <= x.dtype.type(threshold), x.dtype.type(0), x)
