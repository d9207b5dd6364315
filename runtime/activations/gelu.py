"""Gaussian error linear unit (arXiv:1606.08415)."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


@activation("gelu", approximate=0.0)
def gelu(x: Array, approximate: float) -> Array:
    """Return x·Φ(x), or its tanh approximation when ``approximate`` is 1."""
    kind = x.dtype.type
    if approximate:
        with np.errstate(over="ignore"):  # the hyperbolic tangent of infinity is 1
            inner = kind(math.sqrt(2 / math.pi)) * (x + kind(0.044715) * x**3)
        return kind(0.5) * x * (1 + np.tanh(inner))
    # numpy has no erfc, which keeps its digits where 1 + erf would cancel; the reference may be slow
    cumulative = 0.5 * _erfc(-x.astype(np.float64) / math.sqrt(2))
    return np.asarray((x * cumulative).astype(x.dtype))
