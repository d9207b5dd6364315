"""Work on flat vectors: drop reshapes, which never move a value in memory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.runtime.activations import activations
from caloexport.runtime.network import Network, Node, Shape


def drop_reshapes(network: Network) -> Network:
    """Return an equal network that works on flat inputs and layers, without reshapes.

    A reshape keeps the order of the values, so it only matters to layers that look at axes. Where
    such a layer reads more than one axis the network stays as it is.
    """
    is_flat = all(len(shape) == 1 for shape in network.shapes.values())
    if is_flat and all(node.kind != "reshape" for node in network.nodes):
        return network
    if not all(_is_flat_at_heart(network, node) for node in network.nodes):
        return network
    source = {name: name for name in network.inputs}
    nodes = []
    for node in network.nodes:
        if node.kind == "reshape":
            source[node.name] = source[node.inputs[0]]
            continue
        source[node.name] = node.name
        inputs = tuple(source[name] for name in node.inputs)
        nodes.append(replace(_flat(node, network.shapes[node.name]), inputs=inputs))
    inputs_flat = {name: (math.prod(shape),) for name, shape in network.inputs.items()}
    return Network(inputs_flat, nodes, [source[name] for name in network.outputs])


def _is_flat_at_heart(network: Network, node: Node) -> bool:
    """Say whether a layer does the same to the flattened values."""
    shapes = [network.shapes[name] for name in node.inputs]
    if node.kind == "reshape" or all(len(shape) == 1 for shape in shapes):
        return True
    if node.kind == "activation":
        return activations[node.attributes["function"]].elementwise
    if node.kind in ("add", "multiply"):
        return len(set(shapes)) == 1
    return node.kind in ("normalization", "dropout")


def _flat(node: Node, shape: Shape) -> Node:
    """Repeat weights per unit of the last axis over the other axes."""
    repeats = math.prod(shape[:-1])
    per_unit = node.kind in ("normalization", "activation")
    if repeats == 1 or not per_unit:
        return node
    weights = {
        key: weight if weight.size == 1 < shape[-1] else np.tile(weight, repeats)
        for key, weight in node.weights.items()
    }
    return replace(node, weights=weights)
