"""Continuously differentiable exponential linear unit (arXiv:1704.07483)."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("celu", alpha=1.0)
def celu(x: Array, alpha: float) -> Array:
    """Return x where not negative, alpha·(e^(x/alpha) - 1) elsewhere."""
    kind = x.dtype.type
    # a small alpha brings x/alpha to -infinity and y to -alpha, as it should
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        below = kind(alpha) * np.expm1(np.minimum(x, 0) / kind(alpha))
    return np.where(x >= 0, x, below)
