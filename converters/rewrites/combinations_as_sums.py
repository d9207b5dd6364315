"""Express differences, maxima and minima by sums, for formats that can only add."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.network import Network, Node

KINDS = ("subtract", "maximum", "minimum")


def combinations_as_sums(network: Network) -> Network:
    """Return an equal network without subtract, maximum and minimum.

    x - y = x + (-1)·y, max(x, y) = x + relu(y - x), min(x, y) = x - relu(x - y). The factors are
    normalizations, which can be folded into dense layers before them.
    """
    nodes: list[Node] = []
    sizes = {name: shape[-1] for name, shape in network.shapes.items()}
    for node in network.nodes:
        if node.kind not in KINDS:
            nodes.append(node)
            continue
        first, *others = node.inputs
        for k, other in enumerate(others):
            last = k == len(others) - 1
            name = node.name if last else f"{node.name}:{k}"
            nodes += _pair(node.kind, name, first, other, sizes)
            sizes[name] = max(sizes[first], sizes[other])
            first = name
        if not others:
            nodes.append(Node(node.name, "dropout", node.inputs))
    return Network(network.inputs, nodes, network.outputs)


def _pair(kind: str, name: str, x: str, y: str, sizes: dict[str, int]) -> list[Node]:
    if kind == "subtract":
        return [
            _negative(f"{name}:negative", y, sizes[y]),
            Node(name, "add", (x, f"{name}:negative")),
        ]
    larger, smaller = (y, x) if kind == "maximum" else (x, y)
    difference, above = f"{name}:difference", f"{name}:above"
    nodes = _pair("subtract", difference, larger, smaller, sizes)
    nodes.append(Node(above, "activation", (difference,), {"function": "relu"}))
    if kind == "maximum":
        return [*nodes, Node(name, "add", (x, above))]
    size = max(sizes[x], sizes[y])
    below = f"{name}:below"
    return [*nodes, _negative(below, above, size), Node(name, "add", (x, below))]


def _negative(name: str, reads: str, size: int) -> Node:
    weights = {"scale": np.full(size, -1.0), "offset": np.zeros(size)}
    return Node(name, "normalization", (reads,), {}, weights)
