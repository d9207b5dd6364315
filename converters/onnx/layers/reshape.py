"""Reshape."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("reshape")
def reshape(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Reshape; 0 keeps the batch axis as it is."""
    shape = graph.sizes(f"{node.name}/shape", [0, *node.attributes["shape"]])
    graph.operate("Reshape", [inputs[0], shape], output)
