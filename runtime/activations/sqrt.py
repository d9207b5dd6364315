"""Square root."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("sqrt")
def sqrt(x: Array) -> Array:
    """Return √x; NaN below 0."""
    with np.errstate(invalid="ignore"):
        return np.sqrt(x)
