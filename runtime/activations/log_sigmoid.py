"""Logarithm of the logistic function."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("log_sigmoid")
def log_sigmoid(x: Array) -> Array:
    """Return -ln(1 + e^-x), without overflow."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))
