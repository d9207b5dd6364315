"""Exponential function, for models whose outputs are logarithms of energies."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("exponential")
def exponential(x: Array) -> Array:
    """Return e^x; infinity where that is too large for the type."""
    with np.errstate(over="ignore"):
        return np.exp(x)
