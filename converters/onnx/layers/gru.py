"""Gated recurrent unit."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.onnx.recurrent import recurrent
from caloexport.runtime.network import Node


@onnx_layers.register("gru")
def gru(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write GRU with the gates z, r, h as ours; linear_before_reset is Keras's reset_after."""
    after = int(node.attributes.get("reset_after", False))
    recurrent(graph, node, inputs[0], output, gates=[0, 1, 2], linear_before_reset=after)
