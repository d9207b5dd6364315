"""Activations without parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand
from caloexport.runtime.arrays import Array

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
#: those that exporters leave standing on constants
FOLDS: dict[str, Callable[[Any], Any]] = {
    "Exp": np.exp, "Log": np.log, "Abs": np.abs, "Sqrt": np.sqrt, "Reciprocal": np.reciprocal,
}  # fmt: skip


def _fold(call: Call, operands: list[Array]) -> Array:
    if call.node.operator not in FOLDS:
        raise call.unsupported("it is applied to a constant")
    with np.errstate(all="ignore"):
        return np.asarray(FOLDS[call.node.operator](operands[0]))


@operator(*FUNCTIONS, fold=_fold)
def unary(call: Call) -> list[Operand]:
    """The activation of the same meaning."""
    return [call.activate(FUNCTIONS[call.node.operator], call.value())]
