"""Logistic function."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("sigmoid")
def sigmoid(x: Array) -> Array:
    """Return 1/(1 + e^-x), without overflow at either end.

    >>> import numpy as np
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    e = np.exp(-np.abs(x))  # in (0, 1], so neither branch overflows
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
