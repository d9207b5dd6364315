"""Long short-term memory."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.onnx.recurrent import recurrent
from caloexport.runtime.network import Node


@onnx_layers.register("lstm")
def lstm(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write LSTM with the gates i, o, f, c."""
    recurrent(graph, node, inputs[0], output, gates=[0, 3, 1, 2])
