"""Leaky rectified linear unit; the slope is always explicit, because its default differs.

Keras' layer takes 0.3, its string "leaky_relu" 0.2, PyTorch 0.01.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("leaky_relu", negative_slope=float("nan"))
def leaky_relu(x: Array, negative_slope: float) -> Array:
    """Return x where positive, negative_slope·x elsewhere."""
    return np.where(x > 0, x, x.dtype.type(negative_slope) * x)
