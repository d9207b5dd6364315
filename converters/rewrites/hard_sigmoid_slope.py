"""Bring every hard sigmoid to the one slope that a format knows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.runtime.network import Network, Node


def hard_sigmoid_slope(network: Network, slope: float) -> Network:
    """Return an equal network whose hard sigmoids all have ``slope``.

    clip(a·x + 1/2) = clip(slope·(a/slope)·x + 1/2): the ratio becomes a normalization before, which
    can be folded into the preceding dense layer (5/6 from Keras 3 to LWTNN).
    """
    nodes = []
    for node in network.nodes:
        if node.kind == "activation" and node.attributes["function"] == "hard_sigmoid":
            ratio = node.attributes["slope"] / slope
            if not math.isclose(ratio, 1.0):
                (units,) = network.shapes[node.name][-1:]
                before = f"{node.name}:slope"
                weights = {"scale": np.full(units, ratio), "offset": np.zeros(units)}
                nodes.append(Node(before, "normalization", node.inputs, {}, weights))
                attributes = {**node.attributes, "slope": slope}
                node = replace(node, inputs=(before,), attributes=attributes)
        nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)
