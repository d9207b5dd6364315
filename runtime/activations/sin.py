"""Sine."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("sin")
def sin(x: Array) -> Array:
    """Return sin x."""
    return np.sin(x)
