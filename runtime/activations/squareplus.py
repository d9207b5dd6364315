"""Squareplus, a smooth rectifier without exponentials (arXiv:2112.11687)."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError


@activation("squareplus", b=4.0)
def squareplus(x: Array, b: float) -> Array:
    """Return (x + √(x² + b))/2 for b ≥ 0.

    Written as max(x, 0) + b/2/(|x| + √(x² + b)), which loses no digits below 0.
    """
    if b < 0:
        message = f"squareplus with b = {b}, expected b ≥ 0"
        raise InputFileError(message)
    if b == 0:
        return np.maximum(x, 0)
    kind = x.dtype.type
    size = np.abs(x) + np.hypot(x, kind(math.sqrt(b)))
    return np.asarray(np.maximum(x, 0) + kind(b / 2) / size)
