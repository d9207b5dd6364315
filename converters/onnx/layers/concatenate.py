"""Concatenate."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.layers.concatenate import joined_axis
from caloexport.runtime.network import Node


@onnx_layers.register("concatenate")
def concatenate(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Concat; ONNX counts the batch as an axis."""
    axis = joined_axis(node, graph.shapes[node.inputs[0]]) + 1
    graph.operate("Concat", inputs, output, axis=axis)
