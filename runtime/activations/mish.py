"""Mish (arXiv:1908.08681)."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations import activation
from caloexport.runtime.arrays import Array


@activation("mish")
def mish(x: Array) -> Array:
    """Return x·tanh(ln(1 + e^x)), without overflow.

    With u = e^x the hyperbolic tangent is (u² + 2u)/(u² + 2u + 2), which loses no digits; above
    x = 0 numerator and denominator are divided by u².
    """
    e = np.exp(-np.abs(x))
    part = np.where(x < 0, e * (e + 2), 1 + 2 * e)
    return np.asarray(x * (part / (part + np.where(x < 0, 2, 2 * e * e))))
