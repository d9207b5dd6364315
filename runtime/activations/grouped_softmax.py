"""Softmax within groups of neighbouring units: one simplex per calorimeter layer.

Used by decoders that emit cell fractions within each layer (DNNCaloSim's VAE for CaloChallenge).
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.activations.softmax import softmax
from caloexport.runtime.arrays import Array


@activation("grouped_softmax", elementwise=False, groups=[])
def grouped_softmax(x: Array, groups: list[int]) -> Array:
    """Return softmax over each of the consecutive groups; units after the last are unchanged.

    Args:
        x: (n, units).
        groups: sizes of the groups, in order; their sum is at most ``units``.
    """
    y = np.array(x)
    start = 0
    for size in groups:
        y[..., start : start + size] = softmax(x[..., start : start + size])
        start += size
    return y
