"""A value of its own up to a threshold; ThresholdedReLU is this with 0."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("threshold", threshold=math.nan, value=math.nan)
def threshold(x: Array, threshold: float, value: float) -> Array:
    """Return x above the threshold, the value elsewhere."""
    return np.where(x <= x.dtype.type(threshold), x.dtype.type(value), x)
