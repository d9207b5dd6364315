"""Rectified linear unit with the three options of Keras."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("relu", negative_slope=0.0, threshold=0.0, max_value=float("inf"))
def relu(x: Array, negative_slope: float, threshold: float, max_value: float) -> Array:
    """Return x above the threshold, slope·(x - threshold) below, never more than max_value.

    Source: keras.layers.ReLU.
    """
    below = np.zeros_like(x)
    if negative_slope:
        below = x.dtype.type(negative_slope) * (x - x.dtype.type(threshold))
    y = np.where(x < threshold, below, x)  # this way round a NaN stays a NaN
    return np.minimum(y, x.dtype.type(max_value))
