"""Concatenate."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("concatenate")
def concatenate(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Concat along the last axis."""
    graph.operate("Concat", inputs, output, axis=-1)
