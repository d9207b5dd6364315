"""Piecewise linear sigmoid. Keras 2 (and LWTNN) use slope 0.2, Keras 3 uses slope 1/6."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("hard_sigmoid", slope=float("nan"))
def hard_sigmoid(x: Array, slope: float) -> Array:
    """Return slope·x + 1/2 clipped to [0, 1]."""
    kind = x.dtype.type
    return np.clip(kind(slope) * x + kind(0.5), kind(0), kind(1))
