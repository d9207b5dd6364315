"""What the hyperbolic tangent takes away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("tanh_shrink")
def tanh_shrink(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write Sub(x, Tanh(x))."""
    tanh = graph.operate("Tanh", [x], graph.name(f"{node.name}/tanh"))
    graph.operate("Sub", [x, tanh], output)
