"""LWTNN's activations in numpy, to the letter of the C++ (``generic/Stack.tcc``, 2.14.1).

Each takes x of shape (n, units) in float64 and, where it has one, alpha.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Float64

#: beyond this the C++ returns exactly 0 or 1, to keep floating-point auditors quiet
SIGMOID_CLAMP = 30.0


def linear(x: Float64) -> Float64:
    """Return x."""
    return x


def rectified(x: Float64) -> Float64:
    """Return 0 where x < 0; NaN stays NaN."""
    return np.where(x < 0, 0.0, x)


def sigmoid(x: Float64) -> Float64:
    """Return 1/(1 + e^-x), exactly 0 below -30 and exactly 1 above 30."""
    inside = 1.0 / (1.0 + np.exp(-np.clip(x, -SIGMOID_CLAMP, SIGMOID_CLAMP)))
    return np.where(x < -SIGMOID_CLAMP, 0.0, np.where(x > SIGMOID_CLAMP, 1.0, inside))


def hard_sigmoid(x: Float64) -> Float64:
    """Return 0.2·x + 1/2 clipped to [0, 1]."""
    return np.clip(0.2 * x + 0.5, 0.0, 1.0)


def softmax(x: Float64) -> Float64:
    """Return e^x normalised to sum 1; the maximum is subtracted first."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def elu(x: Float64, alpha: float) -> Float64:
    """Return x where not negative, alpha·(e^x - 1) elsewhere."""
    return np.where(x >= 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))


def leakyrelu(x: Float64, alpha: float) -> Float64:
    """Return x where positive, alpha·x elsewhere."""
    return np.where(x > 0, x, alpha * x)


def swish(x: Float64, alpha: float) -> Float64:
    """Return x·σ(alpha·x) with the clamped sigmoid."""
    return x * sigmoid(alpha * x)


#: JSON name -> function of x; the legacy names are the same mathematics
WITHOUT_ALPHA: dict[str, Callable[[Float64], Float64]] = {
    "linear": linear,
    "rectified": rectified,
    "rectified_legacy": rectified,
    "sigmoid": sigmoid,
    "sigmoid_legacy": sigmoid,
    "hard_sigmoid": hard_sigmoid,
    "hard_sigmoid_legacy": hard_sigmoid,
    "tanh": np.tanh,
    "tanh_legacy": np.tanh,
    "abs": np.abs,
    "softmax": softmax,
}
#: JSON name -> function of x and alpha
WITH_ALPHA: dict[str, Callable[[Float64, float], Float64]] = {
    "elu": elu,
    "leakyrelu": leakyrelu,
    "swish": swish,
}
