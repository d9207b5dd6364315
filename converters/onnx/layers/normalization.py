"""Normalization."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("normalization")
def normalization(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Mul by the scale and Add of the offset."""
    scale = graph.weight(f"{node.name}/scale", node.weights["scale"])
    offset = graph.weight(f"{node.name}/offset", node.weights["offset"])
    scaled = graph.operate("Mul", [inputs[0], scale], graph.name(f"{node.name}/scaled"))
    graph.operate("Add", [scaled, offset], output)
