"""Softmax over all units."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("softmax", elementwise=False)
def softmax(x: Array) -> Array:
    """Return e^x normalised to sum 1 over the last axis; the maximum is subtracted first."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
