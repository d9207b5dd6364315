"""Clip, and Max or Min with one number."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.onnx.broadcasting import combined
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand, Value
from caloexport.runtime.arrays import Array

FLOAT32_MAX = float(np.finfo(np.float32).max)  # the default of opset 6 to 10


@operator("Clip", fold=lambda call, operands: np.clip(*operands))
def clip(call: Call) -> list[Operand]:
    """A rectifier where the lower limit is 0, else the activation clip."""
    low = call.number(1, call.real("min", -FLOAT32_MAX))
    high = call.number(2, call.real("max", FLOAT32_MAX))
    return [clipped(call, call.value(), low, high)]


def clipped(call: Call, value: Value, low: float, high: float) -> Value:
    """Return a value limited to [low, high]; limits beyond float32 are none."""
    low = low if low > -FLOAT32_MAX else -math.inf
    high = high if high < FLOAT32_MAX else math.inf
    if low == 0 and high > 0:
        ceiling = {} if math.isinf(high) else {"max_value": high}
        return call.activate("relu", value, **ceiling)
    limits = {"minimum": low, "maximum": high}
    finite = {name: limit for name, limit in limits.items() if math.isfinite(limit)}
    return call.activate("clip" if finite else "linear", value, **finite)


def _fold(call: Call, operands: list[Array]) -> Array:
    function = np.maximum if call.node.operator == "Max" else np.minimum
    found = operands[0]
    for other in operands[1:]:
        found = np.asarray(function(found, other))
    return found


@operator("Max", "Min", fold=_fold)
def extreme(call: Call) -> list[Operand]:
    """A clip where all but one operand are constant numbers, else maximum or minimum."""
    is_max = call.node.operator == "Max"
    values = [x for x in call.operands if isinstance(x, Value)]
    constants = [call.weights(k) for k, x in enumerate(call.operands) if not isinstance(x, Value)]
    kind = "maximum" if is_max else "minimum"
    result = combined(call, kind, *values) if len(values) > 1 else values[0]
    for constant in constants:
        if constant.size == 1:
            limit = float(constant.reshape(()))
            limits = (limit, math.inf) if is_max else (-math.inf, limit)
            result = clipped(call, result, *limits)
        else:
            other = call.layout.constant_like(constant, result)
            result = combined(call, kind, result, other)
    return [result]
