"""Fold layers that only move values into the columns of the dense layer before them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.converters.rewrites.editing import edited
from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.selection import places_of

#: kinds that a selection passes through without a trace
TRANSPARENT = ("reshape", "dropout")


def fold_selections(network: Network, weight_limit: int = 0) -> Network:
    """Return an equal network whose dense layers give their outputs where they are wanted.

    A permute, slice or upsample behind a dense layer picks columns of its kernel; element-wise
    activations and normalizations in between are permuted with it. What is left is a reshape.
    Not a single bit of any value changes.

    Args:
        network: the network.
        weight_limit: a layer that repeats values makes kernels larger. It is folded too, as long
            as the kernel has at most so many weights; by default never.
    """
    for node in network.nodes:
        kind = layers[node.kind]
        if kind.selects and len(node.inputs) == 1 and node.kind not in TRANSPARENT:
            network = _folded(network, network[node.name], weight_limit)
    return network


def _folded(network: Network, node: Node, weight_limit: int) -> Network:
    shape = network.shapes[node.inputs[0]]
    places = places_of(node, [shape]).reshape(-1)
    shaped = Node(node.name, "reshape", node.inputs, {"shape": list(network.shapes[node.name])})
    if np.array_equal(places, np.arange(math.prod(shape))):
        return edited(network, {node.name: shaped})
    chain = _chain(network, node)
    if chain is None:
        return network
    n_in = chain[0].weights["kernel"].shape[0]
    if places.size > math.prod(shape) and places.size * n_in > weight_limit:
        return network
    changed = {node.name: shaped}
    for link in chain:
        if link.kind not in TRANSPARENT:
            changed[link.name] = _picked(link, network.shapes[link.name], places)
    reads = {link.name: link.inputs[0] for link in chain if link.kind in TRANSPARENT}
    for name, link in changed.items():
        source = link.inputs[0]
        while source in reads:
            source = reads[source]
        changed[name] = replace(link, inputs=(source,))
    nodes = [changed.get(one.name, one) for one in network.nodes if one.name not in reads]
    return Network(network.inputs, nodes, network.outputs)


def _chain(network: Network, node: Node) -> list[Node] | None:
    """Return the nodes from a dense layer of a vector up to ``node``, each with one reader."""
    chain: list[Node] = []
    while True:
        name = node.inputs[0]
        if name in network.inputs or name in network.outputs or len(network.consumers(name)) > 1:
            return None
        node = network[name]
        chain.insert(0, node)
        if node.kind == "dense" and len(network.shapes[name]) == 1:
            return chain
        by_unit = node.kind == "normalization" or (
            node.kind == "activation" and activations[node.attributes["function"]].elementwise
        )
        if not by_unit and node.kind not in TRANSPARENT:
            return None


def _picked(node: Node, shape: Shape, places: Integers) -> Node:
    """Return a dense, activation or normalization node that gives its outputs at ``places``."""
    if node.kind == "dense":
        kernel, bias = node.weights["kernel"], node.weights["bias"]
        return node.with_weights(kernel=kernel[:, places], bias=bias[places])

    def each(weight: Array) -> Array:
        if weight.size == 1 and node.kind == "activation":
            return weight  # one parameter for the whole layer
        return np.broadcast_to(weight, shape).reshape(-1)[places]

    return node.with_weights(**{key: each(weight) for key, weight in node.weights.items()})
