"""Activation: one entry of the activation registry."""

from __future__ import annotations

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.activations import activations
from caloexport.runtime.layers.activation import constants_of
from caloexport.runtime.network import Node


@onnx_layers.register("activation")
def activation(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write the operators of the node's function; where its axes lie matters to few of them."""
    (x,), place = inputs, output
    entry = activations[node.attributes["function"]]
    anywhere = entry.elementwise and all(weight.size == 1 for weight in node.weights.values())
    axes = len(graph.shapes[node.inputs[0]]) - 1
    between = anywhere and graph.has_channels_first(x)
    if between:
        x, place = graph.channels_first(x, axes), graph.name(f"{node.name}/channels_first")
    translate = onnx_activations[node.attributes["function"]]
    translate(graph, node, constants_of(node), x, place)
    if between:
        graph.keep_channels_first(place, output, axes)
