"""Sparse plus, the rectifier with a parabola between -1 and 1 (arXiv:1901.02324)."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("sparse_plus")
def sparse_plus(x: Array) -> Array:
    """Return 0 up to -1, (x + 1)²/4 up to 1, x above."""
    inside = np.clip(x, -1, 1)
    return np.where(x >= 1, x, np.square(inside + 1) / 4)
