"""Add."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("add")
def add(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Sum, which takes any number of inputs."""
    graph.operate("Sum", inputs, output)
