"""Softmax and LogSoftmax."""

from __future__ import annotations

import math
from dataclasses import replace

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import BATCH, Operand

NAMES = {"Softmax": "softmax", "LogSoftmax": "log_softmax"}


@operator("Softmax", "LogSoftmax")
def softmax(call: Call) -> list[Operand]:
    """Softmax over one axis; before opset 13, over that axis and all behind it."""
    value, function = call.value(), NAMES[call.node.operator]
    axis = call.inner_axis(call.integer("axis", -1 if call.opset >= 13 else 1), value)
    if call.opset >= 13 or axis == value.rank - 1:
        return [call.activate(function, call.layout.with_last(value, axis))]
    value = call.layout.canonical(value)
    if BATCH in value.axes[axis:] or value.merged:
        raise call.unsupported("it works along the batch axis, so it mixes showers")
    kept = value.shape[: len(value.shape) - (value.rank - axis)]
    joined = (*kept, math.prod(value.shape[len(kept) :]))
    made = call.activate(function, call.layout.reshaped(value, joined))
    return [replace(call.layout.reshaped(made, value.shape), axes=value.axes)]
