"""Express rectifiers with a trained slope per unit by maxout, for formats that only know the latter.

max(z, αz) is the rectifier where α ≤ 1; above 1 it is -max(-z, -αz). With z = W·x + b of the dense
layer in front, this is a maxout of two pieces. (The other way, relu(z) - α·relu(-z), would double
the dense layer behind it as well.)
"""

from __future__ import annotations

import numpy as np

from caloexport.converters.rewrites.editing import own_dense
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node

#: beyond this many units matrices of a layer of its own are too large
UNITS_LIMIT = 1024


def prelu_as_maxout(network: Network) -> Network:
    """Return an equal network without prelu.

    The dense layer in front that nobody else reads goes into the maxout, together with the slopes;
    without one the two pieces have diagonal matrices, and vectors too wide for those become two
    rectifiers and a sum. Wide sequences without a dense layer in front stay.
    """
    nodes: list[Node] = []
    dropped = set()
    for node in network.nodes:
        if node.kind != "activation" or node.attributes["function"] != "prelu":
            nodes.append(node)
            continue
        shape = network.shapes[node.name]
        source = own_dense(network, node)
        if source is not None:
            dropped.add(source.name)
            nodes += _maxout(node, source.inputs, source.weights["kernel"], source.weights["bias"])
        elif shape[-1] <= UNITS_LIMIT:
            nodes += _maxout(node, node.inputs, np.eye(shape[-1]), np.zeros(shape[-1]))
        elif len(shape) == 1:
            nodes += _sum(node, shape[-1])
        else:
            nodes.append(node)
    kept = [node for node in nodes if node.name not in dropped]
    return Network(network.inputs, kept, network.outputs)


def _maxout(node: Node, inputs: tuple[str, ...], kernel: Array, bias: Array) -> list[Node]:
    alpha = np.broadcast_to(node.weights["alpha"].astype(np.float64), bias.shape)
    sign = np.where(alpha > 1, -1.0, 1.0)
    factors = np.stack([sign, sign * alpha])  # (2, units)
    weights = {
        "kernel": factors[:, None, :] * kernel,  # (2, 1, units) · (n_in, units)
        "bias": factors * bias,
    }
    if (sign > 0).all():
        return [Node(node.name, "maxout", inputs, {}, weights)]
    inner = f"{node.name}:maxout"
    turn = {"scale": sign, "offset": np.zeros_like(sign)}
    return [
        Node(inner, "maxout", inputs, {}, weights),
        Node(node.name, "normalization", (inner,), {}, turn),
    ]


def _sum(node: Node, units: int) -> list[Node]:
    """Return relu(x) - α·relu(-x)."""
    alpha = np.broadcast_to(node.weights["alpha"].astype(np.float64), (units,))
    above, turned, below, scaled = (
        f"{node.name}:{part}" for part in ("above", "turned", "below", "scaled")
    )
    zero, relu = np.zeros(units), {"function": "relu"}
    turn, slope = ({"scale": s, "offset": zero} for s in (np.full(units, -1.0), -alpha))
    return [
        Node(above, "activation", node.inputs, relu),
        Node(turned, "normalization", node.inputs, {}, turn),
        Node(below, "activation", (turned,), relu),
        Node(scaled, "normalization", (below,), {}, slope),
        Node(node.name, "add", (above, scaled)),
    ]
