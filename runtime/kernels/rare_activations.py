"""The rarer activations in place, for one stretch of units: a loop each.

LLVM vectorises those that are arithmetic; sine, cosine and the error function are calls of the C
library.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.codes import ACTIVATIONS
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.formulas import (
    celu,
    clip,
    exp,
    log,
    mish,
    soft_shrink,
    softplus,
    sparse_plus,
    squareplus,
    tanh_shrink,
)

_f = np.float32
ZERO, HALF, ONE, SIXTH = _f(0), _f(0.5), _f(1), _f(1 / 6)

ABS = ACTIVATIONS["abs"]
CELU = ACTIVATIONS["celu"]
CLIP = ACTIVATIONS["clip"]
COS = ACTIVATIONS["cos"]
ERF = ACTIVATIONS["erf"]
EXPONENTIAL = ACTIVATIONS["exponential"]
HARD_SHRINK = ACTIVATIONS["hard_shrink"]
HARD_SWISH = ACTIVATIONS["hard_swish"]
LOG = ACTIVATIONS["log"]
LOG_SIGMOID = ACTIVATIONS["log_sigmoid"]
MISH = ACTIVATIONS["mish"]
RECIPROCAL = ACTIVATIONS["reciprocal"]
RSQRT = ACTIVATIONS["rsqrt"]
SIN = ACTIVATIONS["sin"]
SOFT_SHRINK = ACTIVATIONS["soft_shrink"]
SOFTSIGN = ACTIVATIONS["softsign"]
SPARSE_PLUS = ACTIVATIONS["sparse_plus"]
SQRT = ACTIVATIONS["sqrt"]
SQUARE = ACTIVATIONS["square"]
SQUAREPLUS = ACTIVATIONS["squareplus"]
TANH_SHRINK = ACTIVATIONS["tanh_shrink"]
THRESHOLD = ACTIVATIONS["threshold"]


@inner
def activate_by_piece(function, values, n, constants):
    """Apply one of the functions that are made of pieces.

    Args:
        function: one of ``codes.ACTIVATIONS``; the identity, and any other, does nothing.
        values: pointer to (n,) float32.
        constants: pointer to (3,) float32, those of the registry entry in its order.
    """
    a, b = constants[0], constants[1]
    if function == ABS:
        for i in range(n):
            values[i] = abs(values[i])
    elif function == CLIP:
        for i in range(n):
            values[i] = clip(values[i], a, b)
    elif function == HARD_SHRINK:
        for i in range(n):
            x = values[i]
            values[i] = ZERO if abs(x) <= a else x
    elif function == HARD_SWISH:
        for i in range(n):
            x = values[i]
            values[i] = x * clip(SIXTH * x + HALF, ZERO, ONE)
    elif function == SOFT_SHRINK:
        for i in range(n):
            values[i] = soft_shrink(values[i], a)
    elif function == SPARSE_PLUS:
        for i in range(n):
            values[i] = sparse_plus(values[i])
    elif function == THRESHOLD:
        for i in range(n):
            x = values[i]
            values[i] = b if x <= a else x
    else:
        activate_by_root(function, values, n, constants)


@inner
def activate_by_root(function, values, n, constants):
    """Apply one of the functions that are roots, quotients or calls of the C library."""
    a = constants[0]
    if function == SQUARE:
        for i in range(n):
            x = values[i]
            values[i] = x * x
    elif function == SQUAREPLUS:
        for i in range(n):
            values[i] = squareplus(values[i], a)
    elif function == SOFTSIGN:
        for i in range(n):
            x = values[i]
            values[i] = x / (ONE + abs(x))
    elif function == RECIPROCAL:
        for i in range(n):
            values[i] = ONE / values[i]
    elif function == SQRT:
        for i in range(n):
            values[i] = np.sqrt(values[i])
    elif function == RSQRT:
        for i in range(n):
            values[i] = ONE / np.sqrt(values[i])
    elif function == SIN:
        for i in range(n):
            values[i] = np.sin(values[i])
    elif function == COS:
        for i in range(n):
            values[i] = np.cos(values[i])
    elif function == ERF:
        for i in range(n):
            values[i] = math.erf(values[i])
    else:
        activate_by_exponential(function, values, n, constants)


@inner
def activate_by_exponential(function, values, n, constants):
    """Apply one of the functions that hold an exponential or a logarithm."""
    a = constants[0]
    if function == EXPONENTIAL:
        for i in range(n):
            values[i] = exp(values[i])
    elif function == CELU:
        for i in range(n):
            values[i] = celu(values[i], a)
    elif function == MISH:
        for i in range(n):
            values[i] = mish(values[i])
    elif function == TANH_SHRINK:
        for i in range(n):
            values[i] = tanh_shrink(values[i])
    elif function == LOG:
        for i in range(n):
            values[i] = log(values[i])
    elif function == LOG_SIGMOID:
        for i in range(n):
            values[i] = -softplus(-values[i])
