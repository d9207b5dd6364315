"""Concat."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import BATCH, UNIT, Operand, Value
from caloexport.runtime.arrays import Array


def _fold(call: Call, operands: list[Array]) -> Array:
    return np.concatenate(operands, call.axis(call.integer("axis", 0), operands[0].ndim))


@operator("Concat", fold=_fold)
def concat(call: Call) -> list[Operand]:
    """Side by side along an axis; a constant among them becomes a layer of its own."""
    like = next(operand for operand in call.operands if isinstance(operand, Value))
    values = [_as_value(call, index, like) for index in range(len(call.operands))]
    axis = call.inner_axis(call.integer("axis", 1), like)
    return [joined(call, values, axis)]


def joined(call: Call, values: list[Value], axis: int) -> Value:
    """Return values side by side along an axis of the tensor."""
    first = values[0]
    if len(values) == 1:
        return first
    for value in values[1:]:
        same = [a == BATCH for a in first.axes] == [a == BATCH for a in value.axes]
        if not same or value.merged != first.merged:
            raise call.unsupported("it joins tensors whose batch axes differ")
    alike = all(v.axes == first.axes and len(v.shape) == len(first.shape) for v in values)
    if not alike or first.axes[axis] == UNIT:
        values = [call.layout.canonical(value) for value in values]
    place, last = values[0].axes[axis], len(values[0].shape) - 1
    return call.add("concatenate", values, **({} if place == last else {"axis": place}))


def _as_value(call: Call, index: int, like: Value) -> Value:
    operand = call.operand(index)
    if isinstance(operand, Value):
        return operand
    try:
        return call.layout.constant_like(call.weights(index), like, f"constant_{index}")
    except ValueError as error:
        raise call.unsupported(str(error)) from None
