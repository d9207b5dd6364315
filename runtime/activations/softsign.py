"""Softsign."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("softsign")
def softsign(x: Array) -> Array:
    """Return x/(1 + |x|)."""
    return np.asarray(x / (1 + np.abs(x)))
