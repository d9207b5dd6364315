"""Functions that are one operator without attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import Translation, onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node

OPERATORS = {
    "abs": "Abs",
    "cos": "Cos",
    "erf": "Erf",
    "exponential": "Exp",
    "log": "Log",
    "reciprocal": "Reciprocal",
    "sin": "Sin",
    "softsign": "Softsign",
    "sqrt": "Sqrt",
}


def _translation(operator: str) -> Translation:
    def translate(
        graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
    ) -> None:
        graph.operate(operator, [x], output)

    return translate


for _function, _operator in OPERATORS.items():
    onnx_activations.register(_function)(_translation(_operator))
