"""Add and Sub."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.broadcasting import affine, combined
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand, Value
from caloexport.runtime.arrays import Array

ONE = np.ones(())


def _fold(call: Call, operands: list[Array]) -> Array:
    function = np.add if call.node.operator == "Add" else np.subtract
    return np.asarray(function(*operands))


@operator("Add", "Sub", fold=_fold)
def add(call: Call) -> list[Operand]:
    """A normalization where one side is constant."""
    left, right = call.operand(0), call.operand(1)
    minus = call.node.operator == "Sub"
    if isinstance(left, Value) and isinstance(right, Value):
        return [combined(call, "subtract" if minus else "add", left, right)]
    if isinstance(left, Value):
        offset = call.weights(1)
        return [affine(call, left, ONE, -offset.astype(np.float64) if minus else offset)]
    return [affine(call, call.value(1), -ONE if minus else ONE, call.weights(0))]
