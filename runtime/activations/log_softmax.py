"""Logarithm of softmax over all units."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("log_softmax", elementwise=False)
def log_softmax(x: Array) -> Array:
    """Return x - ln Σ e^x, the sum over the last axis; the maximum is subtracted first."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
