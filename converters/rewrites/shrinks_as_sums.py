"""Express soft_shrink and tanh_shrink by sums of what simpler formats have."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node


def shrinks_as_sums(network: Network) -> Network:
    """Return an equal network whose vectors are shrunk by sums.

    x - tanh x as it stands, and soft shrinkage by t ≥ 0 as relu(x - t) - relu(-x - t). LWTNN adds
    vectors only: sequences stay.
    """
    nodes: list[Node] = []
    for node in network.nodes:
        function = node.attributes["function"] if node.kind == "activation" else None
        shape = network.shapes[node.name]
        threshold = node.attributes.get("threshold", 0.5)
        if function == "tanh_shrink" and len(shape) == 1:
            nodes += _tanh_shrink(node, *shape)
        elif function == "soft_shrink" and len(shape) == 1 and threshold >= 0:
            nodes += _soft_shrink(node, float(threshold), *shape)
        else:
            nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)


def _tanh_shrink(node: Node, units: int) -> list[Node]:
    inner, turned = f"{node.name}:tanh", f"{node.name}:turned"
    return [
        Node(inner, "activation", node.inputs, {"function": "tanh"}),
        Node(turned, "normalization", (inner,), {}, _affine(-1.0, 0.0, units)),
        Node(node.name, "add", (*node.inputs, turned)),
    ]


def _soft_shrink(node: Node, threshold: float, units: int) -> list[Node]:
    nodes, ends = [], []
    for side, sign in (("above", 1.0), ("below", -1.0)):
        shifted, cut, end = (f"{node.name}:{side}_{part}" for part in ("shifted", "cut", "end"))
        moved = _affine(sign, -threshold, units)
        nodes += [
            Node(shifted, "normalization", node.inputs, {}, moved),
            Node(cut, "activation", (shifted,), {"function": "relu"}),
            Node(end, "normalization", (cut,), {}, _affine(sign, 0.0, units)),
        ]
        ends.append(end)
    return [*nodes, Node(node.name, "add", tuple(ends))]


def _affine(scale: float, offset: float, units: int) -> dict[str, Array]:
    return {"scale": np.full(units, scale), "offset": np.full(units, offset)}
