"""Bring the hard sigmoid of every recurrent gate to the one slope that a format knows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.converters.rewrites.rounding import rounded
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node

#: kind -> which of its affine maps, side by side in the kernels, are gates
GATES = {"gru": (True, True, False), "lstm": (True, True, False, True)}


def recurrent_hard_sigmoid(network: Network, slope: float) -> Network:
    """Return an equal network whose recurrent gates have hard sigmoids of ``slope`` only.

    clip(a·x + 1/2) = clip(slope·(a/slope)·x + 1/2): the ratio goes into the weights of the gates,
    in float64 (5/6 from Keras 3 to LWTNN).
    """
    nodes = []
    for node in network.nodes:
        given = node.attributes.get("recurrent_activation", {})
        if node.kind in GATES and given.get("function") == "hard_sigmoid":
            ratio = given["slope"] / slope
            if not math.isclose(ratio, 1.0):
                node = _scaled(node, ratio, slope) or node
        nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)


def _scaled(node: Node, ratio: float, slope: float) -> Node | None:
    units = node.weights["recurrent_kernel"].shape[0]
    factors = np.repeat([ratio if gate else 1.0 for gate in GATES[node.kind]], units)
    weights: dict[str, Array] = {key: weight * factors for key, weight in node.weights.items()}
    inner = {"function": "hard_sigmoid", "slope": slope}
    attributes = {**node.attributes, "recurrent_activation": inner}
    return rounded(replace(node, attributes=attributes), np.float64, **weights)
