"""Activations in place, for one stretch of units: a loop each, which LLVM vectorises."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations.selu import ALPHA, SCALE
from caloexport.runtime.kernels.codes import ACTIVATIONS
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.formulas import (
    expm1_negative,
    gelu,
    gelu_tanh,
    sigmoid,
    softplus,
    tanh,
)
from caloexport.runtime.kernels.rare_activations import activate_by_piece

_f = np.float32
ZERO, HALF, ONE = _f(0), _f(0.5), _f(1)
SELU_ALPHA, SELU_SCALE = _f(ALPHA), _f(SCALE)

RELU = ACTIVATIONS["relu"]
LEAKY_RELU = ACTIVATIONS["leaky_relu"]
SIGMOID = ACTIVATIONS["sigmoid"]
SWISH = ACTIVATIONS["swish"]
TANH = ACTIVATIONS["tanh"]
ELU = ACTIVATIONS["elu"]
SELU = ACTIVATIONS["selu"]
GELU = ACTIVATIONS["gelu"]
SOFTPLUS = ACTIVATIONS["softplus"]
HARD_SIGMOID = ACTIVATIONS["hard_sigmoid"]
PRELU = ACTIVATIONS["prelu"]


@inner
def activate(function, values, n, constants, trained, trained_step):
    """Apply an activation to n values in place.

    Args:
        function: one of ``codes.ACTIVATIONS``.
        values: pointer to (n,) float32.
        constants: pointer to (3,) float32, those of the registry entry in its order.
        trained: pointer to (n,) float32, or to one when the step is 0; read by swish and prelu.
    """
    if function == RELU:
        relu(values, n, constants[0], constants[1], constants[2])
    elif function == LEAKY_RELU:
        slope = constants[0]
        for i in range(n):
            x = values[i]
            values[i] = x if x > ZERO else slope * x
    elif function == SIGMOID:
        for i in range(n):
            values[i] = sigmoid(values[i])
    elif function == SWISH:
        swish(values, n, trained, trained_step)
    elif function == PRELU:
        prelu(values, n, trained, trained_step)
    elif function == HARD_SIGMOID:
        slope = constants[0]
        for i in range(n):
            x = slope * values[i] + HALF
            x = ZERO if x < ZERO else x
            values[i] = ONE if x > ONE else x
    else:
        activate_rarer(function, values, n, constants)


@inner
def activate_rarer(function, values, n, constants):
    """Apply one of the activations without a line of their own in ``activate``."""
    if function == TANH:
        for i in range(n):
            values[i] = tanh(values[i])
    elif function == SOFTPLUS:
        for i in range(n):
            values[i] = softplus(values[i])
    elif function == ELU:
        elu(values, n, constants[0], ONE)
    elif function == SELU:
        elu(values, n, SELU_ALPHA, SELU_SCALE)
    elif function == GELU and constants[0] == ZERO:
        for i in range(n):
            values[i] = gelu(values[i])
    elif function == GELU:
        for i in range(n):
            values[i] = gelu_tanh(values[i])
    else:
        activate_by_piece(function, values, n, constants)


@inner
def relu(values, n, slope, threshold, ceiling):
    """Apply the relu of Keras with its three options."""
    for i in range(n):
        x = values[i]
        y = slope * (x - threshold) if x < threshold else x
        values[i] = ceiling if y > ceiling else y


@inner
def swish(values, n, beta, step):
    """Apply x·σ(βx) with one β or one per unit."""
    if step == 0:
        one = beta[0]
        for i in range(n):
            values[i] *= sigmoid(one * values[i])
    else:
        for i in range(n):
            values[i] *= sigmoid(beta[i] * values[i])


@inner
def prelu(values, n, alpha, step):
    """Apply x where not negative, αx elsewhere, with one α or one per unit."""
    for i in range(n):
        x = values[i]
        values[i] = alpha[i * step] * x if x < ZERO else x


@inner
def elu(values, n, alpha, scale):
    """Apply scale·x where not negative, scale·alpha·(e^x - 1) elsewhere."""
    for i in range(n):
        x = values[i]
        below = alpha * expm1_negative(x if x < ZERO else ZERO)
        values[i] = scale * (below if x < ZERO else x)


@inner
def softmax(values, n, logarithm):
    """Normalise e^x to sum 1 over n values in place, or give its logarithm.

    The sum is taken in float64.
    """
    largest = values[0]
    for i in range(1, n):
        largest = max(largest, values[i])
    total = 0.0
    if logarithm:
        for i in range(n):
            values[i] -= largest
            total += np.exp(values[i])
        shift = _f(np.log(total))
        for i in range(n):
            values[i] -= shift
        return
    for i in range(n):
        values[i] = np.exp(values[i] - largest)
        total += values[i]
    share = _f(1.0 / total)
    for i in range(n):
        values[i] *= share
