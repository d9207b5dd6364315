"""Exponential linear unit (arXiv:1511.07289)."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("elu", alpha=1.0)
def elu(x: Array, alpha: float) -> Array:
    """Return x where not negative, alpha·(e^x - 1) elsewhere."""
    return np.where(x >= 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))
