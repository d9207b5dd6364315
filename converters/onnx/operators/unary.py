"""Activations without parameters."""

from __future__ import annotations

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand

#: operator -> activation
FUNCTIONS = {
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Exp": "exponential",
    "Log": "log",
    "Erf": "erf",
    "Abs": "abs",
    "Sqrt": "sqrt",
    "Reciprocal": "reciprocal",
    "Sin": "sin",
    "Cos": "cos",
    "Mish": "mish",
    "HardSwish": "hard_swish",
    "Relu": "relu",
}


@operator(*FUNCTIONS)
def unary(call: Call) -> list[Operand]:
    """The activation of the same meaning."""
    if len(call.operands) > 1:
        raise call.damaged(f"it has {len(call.operands)} operands, expected one")
    return [call.activate(FUNCTIONS[call.node.operator], call.value())]
