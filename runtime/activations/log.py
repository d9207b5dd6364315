"""Natural logarithm."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("log")
def log(x: Array) -> Array:
    """Return ln x; -infinity at 0 and NaN below."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(x)
