"""Pow with a constant exponent, and the operators that are powers."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand
from caloexport.runtime.arrays import Array

#: exponent -> activation
POWERS = {2.0: "square", 0.5: "sqrt", -1.0: "reciprocal", 1.0: "linear"}


def _fold(call: Call, operands: list[Array]) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(np.power(operands[0], operands[1]), operands[0].dtype)


@operator("Pow", fold=_fold)
def power(call: Call) -> list[Operand]:
    """An activation where there is one for the exponent, or a product."""
    value, exponent = call.value(), call.number(1, 1.0)
    if exponent in POWERS:
        return [call.activate(POWERS[exponent], value)]
    if exponent == -0.5:
        return [call.activate("reciprocal", call.activate("sqrt", value, "root"))]
    if exponent in (3.0, 4.0):
        return [call.add("multiply", [value] * int(exponent))]
    raise call.unsupported(f"it raises to the power {exponent:g}")
