"""Express clips by rectifiers and hard sigmoids, for formats without them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node

#: a larger bound would cost the digits of small values where the consumer computes in float
LARGEST_BOUND = 1e3


def plain_clips(network: Network) -> Network:
    """Return an equal network whose clips have no bounds but 0 and 1.

    Between two bounds it is low + (high - low)·h((x - low)/(high - low) - 1/2) with the hard
    sigmoid h of slope 1; above one bound low + relu(x - low), below one high - relu(high - x). The
    affine maps are normalizations that can be folded into their neighbours. A threshold whose
    value is the threshold itself is a clip. Bounds beyond ±1000 stay.
    """
    nodes: list[Node] = []
    for node in network.nodes:
        bounds = _bounds(node) if node.kind == "activation" else None
        if bounds is None or any(LARGEST_BOUND < abs(b) < math.inf for b in bounds):
            nodes.append(node)
        else:
            nodes += _plain(node, *bounds, network.shapes[node.name][-1])
    return Network(network.inputs, nodes, network.outputs)


def _bounds(node: Node) -> tuple[float, float] | None:
    given = node.attributes
    if given["function"] == "clip":
        return float(given.get("minimum", -math.inf)), float(given.get("maximum", math.inf))
    if given["function"] == "threshold" and given["threshold"] == given["value"]:
        return float(given["value"]), math.inf
    return None


def _plain(node: Node, low: float, high: float, units: int) -> list[Node]:
    if low >= high:  # numpy cuts at the maximum last
        return [Node(node.name, "normalization", node.inputs, {}, _affine(0.0, high, units))]
    if math.isinf(low) and math.isinf(high):
        return [Node(node.name, "activation", node.inputs, {"function": "linear"})]
    if math.isinf(high):
        return _between(node, (1.0, -low), {"function": "relu"}, (1.0, low), units)
    if math.isinf(low):
        return _between(node, (-1.0, high), {"function": "relu"}, (-1.0, high), units)
    width = high - low
    hard_sigmoid = {"function": "hard_sigmoid", "slope": 1.0}
    return _between(node, (1 / width, -low / width - 0.5), hard_sigmoid, (width, low), units)


def _between(
    node: Node,
    before: tuple[float, float],
    function: dict[str, Any],
    after: tuple[float, float],
    units: int,
) -> list[Node]:
    """Return the function between two affine maps (scale, offset)."""
    first, second = f"{node.name}:before", f"{node.name}:{function['function']}"
    return [
        Node(first, "normalization", node.inputs, {}, _affine(*before, units)),
        Node(second, "activation", (first,), function),
        Node(node.name, "normalization", (second,), {}, _affine(*after, units)),
    ]


def _affine(scale: float, offset: float, units: int) -> dict[str, Array]:
    return {"scale": np.full(units, scale), "offset": np.full(units, offset)}
