"""Divide."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("divide")
def divide(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Div."""
    graph.operate("Div", inputs, output)
