"""Scaled exponential linear unit (arXiv:1706.02515)."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array

#: the fixed point of mean 0 and variance 1, equation 14 of the paper
ALPHA = 1.6732632423543772
SCALE = 1.0507009873554805


@activation("selu")
def selu(x: Array) -> Array:
    """Return SCALE·elu(x, ALPHA)."""
    kind = x.dtype.type
    return kind(SCALE) * np.where(x >= 0, x, kind(ALPHA) * np.expm1(np.minimum(x, 0)))
