"""Operators that pass on their operand: Identity, Dropout in inference, casts between floats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.tensors import FLOATS, TYPES, WHOLES
from caloexport.converters.onnx.values import Condition, Operand
from caloexport.runtime.arrays import Array


def _pass(call: Call, operands: list[Array]) -> Array:
    return operands[0]


@operator("Identity", fold=_pass)
def identity(call: Call) -> list[Operand]:
    """Nothing at all."""
    return [call.operand(0)]


@operator("Dropout", fold=_pass)
def dropout(call: Call) -> list[Operand]:
    """Nothing in inference; a file that drops out while sampling is refused."""
    if len(call.operands) > 2 and call.number(2, 0.0):
        raise call.unsupported("it drops values at random")
    return [call.operand(0)]


def _cast(call: Call, operands: list[Array]) -> Array:
    kind = call.integer("to", 0)
    if kind not in TYPES:
        raise call.unsupported(f"it casts to the type {kind}")
    if operands[0].dtype == object:
        return operands[0]  # sizes stay whole numbers
    return operands[0].astype(np.float32 if kind in (10, 16) else TYPES[kind])


@operator("Cast", fold=_cast)
def cast(call: Call) -> list[Operand]:
    """Nothing between floats, which are evaluated in one precision.

    Whole numbers may name rows of a table; as floats again, they would have lost their fractions.
    """
    kind = call.integer("to", 0)
    if isinstance(call.operand(0), Condition) and kind in FLOATS:
        return [call.operand(0)]  # 1 where it holds, else 0: a factor
    value = call.value()
    if kind in WHOLES:
        return [replace(value, whole=True, rounded=value.rounded or not value.whole)]
    if kind not in FLOATS or value.rounded:
        raise call.unsupported("it rounds values to whole numbers or to truths")
    return [replace(value, whole=False)]


@operator("CastLike", fold=_pass)
def cast_like(call: Call) -> list[Operand]:
    """Nothing: only floats are values, and networks are evaluated in one precision."""
    return [call.value()]
