"""Gelu (opset 20)."""

from __future__ import annotations

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand


@operator("Gelu")
def gelu(call: Call) -> list[Operand]:
    """The Gaussian error linear unit, exact or by its hyperbolic tangent."""
    approximate = call.text("approximate", "none")
    if approximate not in ("none", "tanh"):
        raise call.unsupported(f"'approximate' is '{approximate}'")
    return [call.activate("gelu", call.value(), approximate=float(approximate == "tanh"))]
