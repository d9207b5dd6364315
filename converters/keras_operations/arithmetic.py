"""Sums, differences, products, quotients and powers of tensors and constants."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.keras_layers import Graph, Input, LayerCall, Step, Steps, handles
from caloexport.converters.keras_layers.affine import affine
from caloexport.converters.keras_layers.steps import after
from caloexport.converters.keras_operations.constants import constant, is_constant
from caloexport.runtime.arrays import Array

RECIPROCAL = Step("activation", {"function": "reciprocal"})
#: exponent -> the function of that name
POWERS = {2.0: "square", 0.5: "sqrt", -1.0: "reciprocal", -0.5: "rsqrt"}
LARGEST_POWER = 16


@handles("ops.Add", constants=True)
def add(call: LayerCall) -> Steps:
    """Return the sum; a constant is an offset."""
    tensor, value, _ = operands(call)
    return pair("add", call) if value is None else on(tensor, affine(call, 1.0, value))


@handles("ops.Subtract", constants=True)
def subtract(call: LayerCall) -> Steps:
    """Return the difference; a constant is an offset."""
    tensor, value, first = operands(call)
    if value is None:
        return pair("subtract", call)
    return on(tensor, affine(call, -1.0, value) if first else affine(call, 1.0, -value))


@handles("ops.Multiply", constants=True)
def multiply(call: LayerCall) -> Steps:
    """Return the product; a constant is a scale."""
    tensor, value, _ = operands(call)
    return pair("multiply", call) if value is None else on(tensor, affine(call, value, 0.0))


@handles("ops.Divide", "ops.TrueDivide", constants=True)
def divide(call: LayerCall) -> Steps:
    """Return the quotient; a constant is a scale of the tensor or of its reciprocal."""
    tensor, value, first = operands(call)
    if value is None:
        return pair("divide", call)
    if first:
        return on(tensor, [RECIPROCAL, *affine(call, value, 0.0)])
    if (value == 0).any():
        message = "it divides by the constant 0"
        raise call.unsupported(message)
    return on(tensor, affine(call, 1 / value, 0.0))


@handles("ops.Maximum", "ops.Minimum", constants=True)
def extreme(call: LayerCall) -> Steps:
    """Return the larger or the smaller; a constant is a tensor that does not depend on its input."""
    kind = call.class_name.lower()
    tensor, value, _ = operands(call)
    if value is None:
        return pair(kind, call)
    if kind == "maximum" and not value.any():
        return on(tensor, [Step("activation", {"function": "relu"})])
    other = after(affine(call, 0.0, value), tensor)
    return Graph((Step(kind, reads=(tensor, other)),))


@handles("ops.Negative")
def negative(call: LayerCall) -> list[Step]:
    """Return the scale -1."""
    return affine(call, -1.0, 0.0)


@handles("ops.ZerosLike", "ops.OnesLike")
def constants_like(call: LayerCall) -> list[Step]:
    """Return a constant tensor, as an offset of nothing."""
    return affine(call, 0.0, float(call.class_name == "OnesLike"))


@handles("ops.Power", constants=True)
def power(call: LayerCall) -> Steps:
    """Return a known function of x, a product of x with itself, or an exponential."""
    tensor, value, first = operands(call)
    if value is None or value.size != 1:
        message = "it raises to a power that is not one number"
        raise call.unsupported(message)
    number = float(value.item())
    if first:
        if number <= 0:
            message = f"it takes powers of the constant {number:g}"
            raise call.unsupported(message, "supported: powers of positive numbers")
        exponential = Step("activation", {"function": "exponential"})
        return on(tensor, [*affine(call, float(np.log(number)), 0.0), exponential])
    if number in POWERS:
        return on(tensor, [Step("activation", {"function": POWERS[number]})])
    if not number.is_integer() or not 0 < abs(number) <= LARGEST_POWER:
        message = f"it raises to the power {number:g}"
        hint = f"supported: whole numbers up to {LARGEST_POWER}, 0.5 and -0.5"
        raise call.unsupported(message, hint)
    product = [Step("multiply", reads=(tensor,) * int(abs(number)))]
    return product if number > 0 else [*product, RECIPROCAL]


def pair(kind: str, call: LayerCall) -> list[Step]:
    """Return an element-wise function of two tensors.

    Raises:
        UnsupportedError: they have different numbers of axes, which pairs showers with cells.
    """
    if len({len(shape) for shape in call.shapes}) > 1:
        message = f"its inputs have different numbers of axes: {list(call.shapes)}"
        raise call.unsupported(message, "reshape them to the same number of axes")
    reads = tuple(entry for entry in call.operands if isinstance(entry, Input))
    return [Step(kind, reads=reads)]


def on(tensor: Input, steps: list[Step]) -> Graph:
    """Return the graph of steps that read one tensor."""
    return Graph((after(steps, tensor),))


def operands(call: LayerCall) -> tuple[Input, Array | None, bool]:
    """Return the tensor, the constant (None if both are tensors), and whether it comes first.

    Raises:
        UnsupportedError: not two operands of which at least one is a tensor.
    """
    found: list[Any] = call.operands
    if len(found) != 2 or not any(isinstance(entry, Input) for entry in found):
        message = f"it is called with {len(found)} operands, expected 2"
        raise call.unsupported(message)
    left, right = found
    if isinstance(left, Input) and isinstance(right, Input):
        return left, None, False
    tensor, value = (left, right) if isinstance(left, Input) else (right, left)
    if not is_constant(value):
        message = f"it is called with {value!r:.40}, expected a number or an array"
        raise call.unsupported(message)
    return tensor, constant(call, value), tensor is right
