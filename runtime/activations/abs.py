"""Absolute value."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("abs")
def absolute(x: Array) -> Array:
    """Return |x|."""
    return np.abs(x)
