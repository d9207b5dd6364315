"""DequantizeLinear on constants: weights stored as small whole numbers."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand
from caloexport.runtime.arrays import Array


def _dequantized(call: Call, operands: list[Array]) -> Array:
    values, scale = operands[0].astype(np.float64), operands[1].astype(np.float64)
    zero = operands[2].astype(np.float64) if len(operands) > 2 else np.zeros(())
    if scale.ndim == 1 and values.ndim > 0:
        axis = call.axis(call.integer("axis", 1), values.ndim) if scale.size > 1 else 0
        sizes = [-1 if k == axis else 1 for k in range(values.ndim)]
        scale = scale.reshape(sizes)
        zero = zero.reshape(sizes) if zero.size > 1 else zero.reshape(())
    if scale.ndim > 1 and call.integer("block_size", 0):
        raise call.unsupported("its scales are per block")
    return ((values - zero) * scale).astype(np.float32)


@operator("DequantizeLinear", fold=_dequantized)
def dequantize(call: Call) -> list[Operand]:
    """Constants become floats; values that were rounded stay refused."""
    raise call.unsupported("it follows a rounding of values, which layers in float32 do not do")


@operator("QuantizeLinear")
def quantize(call: Call) -> list[Operand]:
    """Never: rounding the values between layers is no layer."""
    raise call.unsupported("it rounds the values between layers to whole numbers")
