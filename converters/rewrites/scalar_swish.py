"""Give every swish one β for the whole layer, for formats that know no β per unit."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.network import Network, Node

#: below this |β|, x·σ(βx) is x/2 to within 3e-13·x² and β is replaced by it, because 1/β is needed
SMALLEST_BETA = 1e-12


def scalar_swish(network: Network) -> Network:
    """Return an equal network in which every β has one value per layer.

    x·σ(βx) = (1/β)·swish₁(βx): the β per unit become a normalization before and one after, which
    can be folded into the neighbouring dense layers.
    """
    nodes = []
    for node in network.nodes:
        per_unit = node.kind == "activation" and node.attributes["function"] == "swish"
        nodes += _split(node) if per_unit and np.ptp(node.weights["beta"]) > 0 else [node]
    return Network(network.inputs, nodes, network.outputs)


def _split(node: Node) -> list[Node]:
    beta = node.weights["beta"].astype(np.float64)
    beta = np.where(np.abs(beta) < SMALLEST_BETA, SMALLEST_BETA, beta)
    zero = np.zeros_like(beta)
    before, swish = f"{node.name}:beta", f"{node.name}:swish"
    return [
        Node(before, "normalization", node.inputs, {}, {"scale": beta, "offset": zero}),
        Node(swish, "activation", (before,), node.attributes, {"beta": np.ones(1)}),
        Node(node.name, "normalization", (swish,), {}, {"scale": 1 / beta, "offset": zero}),
    ]
