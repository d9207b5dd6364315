"""Dropout, which does nothing when sampling."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("dropout")
def dropout(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Identity."""
    graph.operate("Identity", inputs, output)
