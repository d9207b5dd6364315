"""Swish with a piecewise linear sigmoid (arXiv:1905.02244).

Keras calls it hard_silu, too.
"""

from __future__ import annotations

from caloexport.runtime.activations import activation
from caloexport.runtime.activations.hard_sigmoid import hard_sigmoid
from caloexport.runtime.arrays import Array


@activation("hard_swish")
def hard_swish(x: Array) -> Array:
    """Return x·(x + 3)/6 between -3 and 3, 0 below and x above."""
    return x * hard_sigmoid(x, 1 / 6)
