"""Shrink: values near 0 become 0, the others move towards it."""

from __future__ import annotations

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand


@operator("Shrink")
def shrink(call: Call) -> list[Operand]:
    """Hard shrinkage without a bias, soft where the bias is the limit."""
    limit, bias = call.real("lambd", 0.5), call.real("bias", 0.0)
    if bias not in (0.0, limit) or limit < 0:
        raise call.unsupported(f"it moves values beyond {limit} by {bias}")
    function = "hard_shrink" if bias == 0 else "soft_shrink"
    return [call.activate(function, call.value(), threshold=limit)]
