"""What the hyperbolic tangent takes away."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array

#: coefficients of x³, x⁵, … in x·cosh x - sinh x, enough of them for |x| ≤ 1
SERIES = [2 * k / math.factorial(2 * k + 1) for k in range(1, 11)]


@activation("tanh_shrink")
def tanh_shrink(x: Array) -> Array:
    """Return x - tanh x, as (x·cosh x - sinh x)/cosh x around 0, where the difference cancels."""
    near = np.clip(x, -1, 1)
    square, total = near * near, np.zeros_like(x)
    for coefficient in reversed(SERIES):
        total = total * square + x.dtype.type(coefficient)
    return np.where(np.abs(x) < 1, near * square * total / np.cosh(near), x - np.tanh(x))
