"""Express selu by elu, for formats that only know the latter."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.activations.selu import ALPHA, SCALE
from caloexport.runtime.network import Network, Node


def selu_as_elu(network: Network) -> Network:
    """Return an equal network without selu: it is SCALE·elu(x, ALPHA).

    The factor becomes a normalization, which can be folded into the following dense layers.
    """
    nodes = []
    for node in network.nodes:
        if node.kind == "activation" and node.attributes["function"] == "selu":
            (units,) = network.shapes[node.name][-1:]
            inner = f"{node.name}:elu"
            weights = {"scale": np.full(units, SCALE), "offset": np.zeros(units)}
            nodes += [
                Node(inner, "activation", node.inputs, {"function": "elu", "alpha": ALPHA}),
                Node(node.name, "normalization", (inner,), {}, weights),
            ]
        else:
            nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)
