"""Softplus, the smooth rectifier."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("softplus")
def softplus(x: Array) -> Array:
    """Return log(1 + e^x), without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
