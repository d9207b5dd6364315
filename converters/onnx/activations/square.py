"""Square."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("square")
def square(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write Mul(x, x)."""
    graph.operate("Mul", [x, x], output)
