"""Cosine."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("cos")
def cos(x: Array) -> Array:
    """Return cos x."""
    return np.cos(x)
