"""Functions of one tensor that networks know as activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Value
from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array

#: operator -> activation without constants
PLAIN = {
    "Abs": "abs",
    "Cos": "cos",
    "Elu": "elu",
    "Erf": "erf",
    "Exp": "exponential",
    "Inv": "reciprocal",
    "Log": "log",
    "Reciprocal": "reciprocal",
    "Relu": "relu",
    "Rsqrt": "rsqrt",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Sin": "sin",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Sqrt": "sqrt",
    "Square": "square",
    "Tanh": "tanh",
}
#: what constants alone may go through, exactly as numpy computes it
COMPUTED: dict[str, Callable[..., Any]] = {
    "Floor": np.floor,
    "Sign": np.sign,
}


def _computed(call: Call, function: str, **constants: float) -> Array:
    x = call.array(0)
    entry = activations[function]
    return np.asarray(entry.function(x, **{**entry.constants, **constants}))


def plain(call: Call) -> Value:
    """Return the activation of the operator's name."""
    function = PLAIN[call.node.operator]
    if call.constant:
        return _computed(call, function)
    return call.draft.activate(call.name, call.tensor(0), function)


def of_constants(call: Call) -> Value:
    """Return a function that constants alone may go through."""
    return np.asarray(COMPUTED[call.node.operator](call.array(0)))


for _name in PLAIN:
    operators.register(_name)(plain)
for _name in COMPUTED:
    operators.register(_name)(of_constants)


@operators.register("Log1p")
def log_of_one_more(call: Call) -> Value:
    """Return ln(1 + x)."""
    if call.constant:
        return np.log1p(call.array(0))
    shifted = call.draft.scale(call.name, call.tensor(0), 1.0, 1.0)
    return call.draft.activate(call.name, shifted, "log")


@operators.register("Expm1")
def exponential_less_one(call: Call) -> Value:
    """Return e^x - 1 as elu(min(x, 0)) + (e^max(x, 0) - 1), which keeps the digits around 0."""
    if call.constant:
        return np.expm1(call.array(0))
    x, draft = call.tensor(0), call.draft
    below = draft.activate(call.name, draft.activate(call.name, x, "clip", maximum=0.0), "elu")
    power = draft.activate(call.name, draft.activate(call.name, x, "relu"), "exponential")
    return draft.add(call.name, "add", [below, draft.scale(call.name, power, 1.0, -1.0)])


@operators.register("Erfc")
def complementary_error_function(call: Call) -> Value:
    """Return 1 - erf x, which is 1 + erf(-x)."""
    x = call.draft.scale(call.name, call.tensor(0), -1.0, 0.0)
    return call.draft.scale(call.name, call.draft.activate(call.name, x, "erf"), 1.0, 1.0)


@operators.register("Neg")
def negate(call: Call) -> Value:
    """Return -x."""
    if call.constant:
        return -call.array(0)
    return call.draft.scale(call.name, call.tensor(0), -1.0, 0.0)


@operators.register("Relu6")
def relu6(call: Call) -> Value:
    """Return x clipped to [0, 6]."""
    if call.constant:
        return np.clip(call.array(0), 0, 6)
    return call.draft.activate(call.name, call.tensor(0), "relu", max_value=6.0)


@operators.register("ClipByValue")
def clip(call: Call) -> Value:
    """Return x clipped to two constant numbers."""
    if call.constant:
        return np.clip(*call.arrays())
    bounds = [call.array(number) for number in (1, 2)]
    if any(bound.size != 1 for bound in bounds):
        raise call.unsupported("has a bound per value")
    low, high = (float(bound.ravel()[0]) for bound in bounds)
    return call.draft.activate(call.name, call.tensor(0), "clip", minimum=low, maximum=high)


@operators.register("LeakyRelu")
def leaky_relu(call: Call) -> Value:
    """Return x where positive, a constant times x elsewhere."""
    slope = call.node.real("alpha", float(np.float32(0.2)))
    if call.constant:
        return _computed(call, "leaky_relu", negative_slope=slope)
    return call.draft.activate(call.name, call.tensor(0), "leaky_relu", negative_slope=slope)


@operators.register("Softmax")
@operators.register("LogSoftmax")
def softmax(call: Call) -> Value:
    """Return e^x over its sum along the last axis, or the logarithm of that."""
    function = "softmax" if call.node.operator == "Softmax" else "log_softmax"
    if call.constant:
        return _computed(call, function)
    x = call.tensor(0)
    if x.batch == x.rank - 1:
        raise call.unsupported("works along the batch axis")
    return call.draft.activate(call.name, x, function)
