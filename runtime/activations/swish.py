"""Swish with a trainable β, one for the layer or one per unit (arXiv:1710.05941)."""

from __future__ import annotations

from caloexport.runtime.activations import activation
from caloexport.runtime.activations.sigmoid import sigmoid
from caloexport.runtime.arrays import Array


@activation("swish", trained=("beta",))
def swish(x: Array, beta: Array) -> Array:
    """Return x·σ(βx).

    Args:
        x: (n, units).
        beta: (1,) for the whole layer or (units,).
    """
    return x * sigmoid(beta * x)
