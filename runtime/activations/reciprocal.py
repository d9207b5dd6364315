"""Reciprocal."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("reciprocal")
def reciprocal(x: Array) -> Array:
    """Return 1/x; infinity at 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(1 / x)
