"""Express celu by elu, for formats that only know the latter."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.network import Network, Node

#: a smaller α has an inverse too large for float32
SMALLEST_ALPHA = 1e-30


def celu_as_elu(network: Network) -> Network:
    """Return an equal network in which every celu with α > 0 is α·elu₁(x/α).

    The factors become normalizations, which can be folded into the neighbouring dense layers.
    """
    nodes: list[Node] = []
    for node in network.nodes:
        alpha = node.attributes.get("alpha", 1.0)
        is_celu = node.kind == "activation" and node.attributes["function"] == "celu"
        if is_celu and alpha > SMALLEST_ALPHA:
            nodes += _scaled(node, float(alpha), network.shapes[node.name][-1])
        else:
            nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)


def _scaled(node: Node, alpha: float, units: int) -> list[Node]:
    elu = {"function": "elu", "alpha": 1.0}
    if alpha == 1:
        return [Node(node.name, "activation", node.inputs, elu)]
    before, inner = f"{node.name}:alpha", f"{node.name}:elu"
    zero = np.zeros(units)
    down, up = ({"scale": np.full(units, s), "offset": zero} for s in (1 / alpha, alpha))
    return [
        Node(before, "normalization", node.inputs, {}, down),
        Node(inner, "activation", (before,), elu),
        Node(node.name, "normalization", (inner,), {}, up),
    ]
