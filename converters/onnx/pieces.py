"""Activations of our own files, which are written in pieces that keep their digits.

An activation is believed where the operators of the file are, one for one, those that the export
writes for it; all others are read as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.onnx.messages import GraphMessage, ModelMessage, NodeMessage
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.converters.onnx.tensors import to_array
from caloexport.runtime.extras import installed, require
from caloexport.runtime.interface import standard_interface
from caloexport.runtime.manifest import weightless_network
from caloexport.runtime.network import Network, Node


@dataclass
class Piece(NodeMessage):
    """All operators of an activation as one.

    Attributes:
        layer: the activation.
    """

    layer: Node | None = None


def collapsed(graph: GraphMessage, manifest: Mapping[str, Any], where: str) -> GraphMessage:
    """Return a graph in which the operators of each activation are one piece.

    Args:
        graph: of a file.
        manifest: the network of its manifest.
        where: the file, for messages.
    """
    if not installed("onnx"):
        return graph
    network = weightless_network(manifest, where)
    feeds = dict(zip(network.inputs, (value.name for value in graph.inputs), strict=False))
    names = {**feeds, network.outputs[0]: graph.outputs[0].name}
    makers = {name: k for k, node in enumerate(graph.nodes) for name in node.outputs}
    nodes = list(graph.nodes)
    for node in network.nodes:
        output, x = (names.get(name, name) for name in (node.name, node.inputs[0]))
        layer = _with_weights(graph, node) if node.kind == "activation" else None
        if layer is not None and output in makers:
            alone = Network({node.inputs[0]: network.shapes[node.inputs[0]]}, [layer], [node.name])
            if _is_written_so(graph, alone, x, output):
                nodes[makers[output]] = Piece(
                    "activation", output, "", [x], [output], {}, layer=layer
                )
    return replace(graph, nodes=nodes)


def _with_weights(graph: GraphMessage, node: Node) -> Node | None:
    """Return an activation with its trained parameters; None where the file does not hold them."""
    stored = {tensor.name: tensor for tensor in graph.constants}
    names = {key: f"{node.name}/{key}" for key in node.weights}
    if any(name not in stored for name in names.values()):
        return None
    arrays = {key: to_array(stored[name], "") for key, name in names.items()}
    fits = all(arrays[key].shape == weight.shape for key, weight in node.weights.items())
    return node.with_weights(**arrays) if fits else None


def _is_written_so(graph: GraphMessage, network: Network, x: str, output: str) -> bool:
    """Say whether the file holds the operators and constants that the export writes."""
    library = require("onnx", extra="onnx")
    model = library.ModelProto()
    (node,) = network.nodes
    written = OnnxGraph(
        model, network, onnx_storages["float32"], standard_interface(network.inputs)
    )
    onnx_layers[node.kind](written, node, [x], output)
    again = ModelMessage(memoryview(model.SerializeToString())).graph
    makers = {name: item for item in graph.nodes for name in item.outputs}
    stored = {tensor.name: tensor for tensor in graph.constants}
    operators = all(makers.get(item.outputs[0]) == item for item in again.nodes)
    return operators and all(
        tensor.name in stored and stored[tensor.name] == tensor for tensor in again.constants
    )
