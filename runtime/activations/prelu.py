"""Rectified linear unit with a trained slope, one for the layer or one per unit (arXiv:1502.01852)."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("prelu", trained=("alpha",))
def prelu(x: Array, alpha: Array) -> Array:
    """Return x where not negative, alpha·x elsewhere.

    Args:
        x: (n, units).
        alpha: (1,) for the whole layer or (units,).
    """
    return np.where(x < 0, alpha * x, x)
