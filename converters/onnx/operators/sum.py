"""Sum and Mean of any number of tensors."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.broadcasting import affine, combined
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand, Value
from caloexport.runtime.arrays import Array


def _fold(call: Call, operands: list[Array]) -> Array:
    total = operands[0]
    for other in operands[1:]:
        total = total + other
    return np.asarray(total if call.node.operator == "Sum" else total / len(operands))


@operator("Sum", "Mean", fold=_fold)
def sum_(call: Call) -> list[Operand]:
    """A sum of all tensors, then the constants as a normalization."""
    values = [x for x in call.operands if isinstance(x, Value)]
    constants = [call.weights(k) for k, x in enumerate(call.operands) if not isinstance(x, Value)]
    made = combined(call, "add", *values) if len(values) > 1 else values[0]
    for constant in constants:
        made = affine(call, made, np.ones(()), constant, "constant")
    if call.node.operator == "Mean":
        made = affine(call, made, np.array(1 / len(call.operands)), np.zeros(()), "mean")
    return [made]
