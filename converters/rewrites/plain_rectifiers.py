"""Express rectifiers with slope and maximum by plain ones, for formats without the options."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node


def plain_rectifiers(network: Network) -> Network:
    """Return an equal network whose rectifiers have no slope and no maximum.

    A slope makes it a leaky_relu. A maximum m becomes min(y, m) = m - relu(m - y), with two
    normalizations that can be folded into their neighbours. A threshold other than 0 makes a
    discontinuous function and stays.
    """
    nodes = []
    for node in network.nodes:
        plain = node.kind != "activation" or node.attributes["function"] != "relu"
        if plain or node.attributes.get("threshold", 0.0):
            nodes.append(node)
        else:
            nodes += _plain(node, network.shapes[node.name][-1])
    return Network(network.inputs, nodes, network.outputs)


def _plain(node: Node, units: int) -> list[Node]:
    slope = node.attributes.get("negative_slope", 0.0)
    maximum = node.attributes.get("max_value", math.inf)
    attributes: dict[str, Any] = {"function": "relu"}
    if slope:
        attributes = {"function": "leaky_relu", "negative_slope": slope}
    if maximum == math.inf:
        return [Node(node.name, "activation", node.inputs, attributes)]
    lower, mirrored, upper = (f"{node.name}:{part}" for part in ("lower", "mirrored", "upper"))
    mirror: dict[str, Array] = {"scale": np.full(units, -1.0), "offset": np.full(units, maximum)}
    return [
        Node(lower, "activation", node.inputs, attributes),
        Node(mirrored, "normalization", (lower,), {}, mirror),
        Node(upper, "activation", (mirrored,), {"function": "relu"}),
        Node(node.name, "normalization", (upper,), {}, mirror),
    ]
