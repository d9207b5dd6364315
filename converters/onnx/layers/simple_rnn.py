"""Simple recurrent layer."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.onnx.recurrent import recurrent
from caloexport.runtime.network import Node


@onnx_layers.register("simple_rnn")
def simple_rnn(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write RNN."""
    recurrent(graph, node, inputs[0], output, gates=[0])
