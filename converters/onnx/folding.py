"""How large a folded constant becomes, known before it is made: a guard against damaged files."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.runtime.arrays import Array

#: values of one constant that is no copy of another
MAX_CONSTANT = 2**24

BROADCASTING = {
    "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "Where", "Greater", "Less",
    "GreaterOrEqual", "LessOrEqual", "Equal",
}  # fmt: skip


def require_moderate(call: Call, operands: list[Array]) -> None:
    """Refuse operators whose result would be far larger than what they read.

    Raises:
        InputFileError: it would be beyond :data:`MAX_CONSTANT`.
    """
    size = 0
    if call.node.operator in BROADCASTING:
        size = math.prod(np.broadcast_shapes(*(operand.shape for operand in operands)))
    elif call.node.operator == "MatMul":
        size = math.prod(operands[0].shape[:-1]) * math.prod(operands[1].shape[-1:])
        size = max(size, *(operand.size for operand in operands))
    elif call.node.operator == "Gather":
        axis = call.axis(call.integer("axis", 0), operands[0].ndim)
        rest = operands[0].shape[:axis] + operands[0].shape[axis + 1 :]
        size = operands[1].size * math.prod(rest)
    if size > max([MAX_CONSTANT, *(2 * operand.size for operand in operands)]):
        raise call.damaged(f"it makes a constant of {size} values")
