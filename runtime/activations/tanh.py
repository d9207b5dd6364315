"""Hyperbolic tangent."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("tanh")
def tanh(x: Array) -> Array:
    """Return tanh x."""
    return np.tanh(x)
