"""Permute."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("permute")
def permute(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Transpose, the batch axis left in front."""
    order = [0, *(axis + 1 for axis in node.attributes["order"])]
    graph.operate("Transpose", inputs, output, perm=order)
