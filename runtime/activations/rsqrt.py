"""Reciprocal square root."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("rsqrt")
def rsqrt(x: Array) -> Array:
    """Return 1/√x; infinity at 0 and NaN below."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 / np.sqrt(x))
