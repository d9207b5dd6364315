"""Express a softmax within groups by one softmax per group, side by side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from caloexport.converters.rewrites.editing import own_dense
from caloexport.runtime.network import Network, Node

#: beyond this many units a matrix that picks out a group is too large
UNITS_LIMIT = 4096


def split_softmax(network: Network) -> Network:
    """Return an equal network without grouped_softmax.

    Each group gets a dense layer of its own: the columns of the dense layer before, or, when others
    read that too, ones that pick out the group. Very wide layers without such a dense layer stay.
    """
    nodes: list[Node] = []
    dropped = set()
    for node in network.nodes:
        if node.kind != "activation" or node.attributes["function"] != "grouped_softmax":
            nodes.append(node)
            continue
        source = own_dense(network, node)
        if source is not None:
            dropped.add(source.name)
            nodes += _split(node, source)
        elif network.shapes[node.name][-1] <= UNITS_LIMIT:
            nodes += _split(node, _identity(node, network.shapes[node.name][-1]))
        else:
            nodes.append(node)
    kept = [node for node in nodes if node.name not in dropped]
    return Network(network.inputs, kept, network.outputs)


def _identity(node: Node, units: int) -> Node:
    weights = {"kernel": np.eye(units, dtype=np.float32), "bias": np.zeros(units, np.float32)}
    return Node(node.name, "dense", node.inputs, {}, weights)


def _split(node: Node, source: Node) -> list[Node]:
    kernel, bias = source.weights["kernel"], source.weights["bias"]
    ends = np.cumsum([0, *node.attributes["groups"]]).tolist()
    functions = ["softmax"] * (len(ends) - 1)
    if ends[-1] < kernel.shape[1]:  # units after the last group are unchanged
        ends.append(kernel.shape[1])
        functions.append("linear")
    nodes, parts = [], []
    for k, ((start, stop), function) in enumerate(zip(pairwise(ends), functions, strict=True)):
        dense, part = f"{node.name}:dense{k}", f"{node.name}:{k}"
        weights = {"kernel": kernel[:, start:stop], "bias": bias[start:stop]}
        nodes.append(Node(dense, "dense", source.inputs, {}, weights))
        nodes.append(Node(part, "activation", (dense,), {"function": function}))
        parts.append(part)
    nodes.append(Node(node.name, "concatenate", tuple(parts)))
    return nodes
