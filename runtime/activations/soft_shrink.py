"""Soft shrinkage: values move towards 0 by the threshold."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("soft_shrink", threshold=0.5)
def soft_shrink(x: Array, threshold: float) -> Array:
    """Return x - threshold above it, x + threshold below its negative, 0 between them."""
    step = x.dtype.type(threshold)
    return np.where(x > step, x - step, np.where(x < -step, x + step, x - x))
