"""Express absolute values and rectifiers of one trained slope by the leaky rectifier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.runtime.network import Network, Node


def leaky_rectifiers(network: Network) -> Network:
    """Return an equal network in which only prelu with several slopes stays; bit for bit the same.

    |x| is the leaky rectifier of slope -1, which older releases of LWTNN have, too.
    """
    return Network(network.inputs, [_leaky(node) for node in network.nodes], network.outputs)


def _leaky(node: Node) -> Node:
    function = node.attributes.get("function") if node.kind == "activation" else None
    if function == "abs":
        slope = -1.0
    elif function == "prelu" and np.ptp(node.weights["alpha"]) == 0:
        slope = float(node.weights["alpha"].flat[0])
    else:
        return node
    attributes = {"function": "leaky_relu", "negative_slope": slope}
    return replace(node, attributes=attributes, weights={})
