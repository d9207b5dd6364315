"""Activation: one entry of the activation registry."""

from __future__ import annotations

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.layers.activation import constants_of
from caloexport.runtime.network import Node


@onnx_layers.register("activation")
def activation(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write the operators of the node's function."""
    translate = onnx_activations[node.attributes["function"]]
    translate(graph, node, constants_of(node), inputs[0], output)
