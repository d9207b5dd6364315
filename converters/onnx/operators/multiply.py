"""Mul and Div."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.broadcasting import affine, combined
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Condition, Operand, Value
from caloexport.runtime.arrays import Array

ZERO = np.zeros(())


def _fold(call: Call, operands: list[Array]) -> Array:
    left, right = operands
    if call.node.operator == "Mul":
        return np.asarray(left * right)
    if left.dtype.kind in "iuO":
        return np.asarray(left // right)  # sizes, which are not negative
    return np.asarray(left / right)


@operator("Mul", "Div", fold=_fold)
def multiply(call: Call) -> list[Operand]:
    """A normalization where one side is constant."""
    left, right = call.operand(0), call.operand(1)
    if isinstance(left, Condition) or isinstance(right, Condition):
        return [_masked(call, left, right)]
    divides = call.node.operator == "Div"
    if isinstance(left, Value) and isinstance(right, Value):
        return [combined(call, "divide" if divides else "multiply", left, right)]
    if isinstance(left, Value):
        factor = call.weights(1).astype(np.float64)
        if divides and not factor.all():
            raise call.damaged("it divides by zero")
        return [affine(call, left, 1 / factor if divides else factor, ZERO)]
    value = call.value(1)
    if divides:
        value = call.activate("reciprocal", value, "reciprocal")
        if (call.weights(0) == 1).all() and call.weights(0).size == 1:
            return [value]
    return [affine(call, value, call.weights(0), ZERO)]


def _masked(call: Call, left: Operand, right: Operand) -> Operand:
    """Return a value where it is above a threshold, else 0."""
    mask, other = (left, right) if isinstance(left, Condition) else (right, left)
    if isinstance(other, np.ndarray) and other.dtype != object and not other.any():
        return other
    if (
        not isinstance(mask, Condition)
        or call.node.operator == "Div"
        or not isinstance(other, Value)
        or other != mask.value
    ):
        raise call.unsupported("it keeps or drops values by a comparison of others")
    if mask.operator.startswith("Less"):
        raise call.unsupported("it keeps the values below a threshold")
    return call.activate("relu", mask.value, threshold=mask.border)
