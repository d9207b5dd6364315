"""Square."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("square")
def square(x: Array) -> Array:
    """Return x·x."""
    with np.errstate(over="ignore"):
        return np.square(x)
