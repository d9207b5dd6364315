"""Give all inputs of a sum its size, for formats that do not repeat a single value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.runtime.network import Network, Node


def equal_addends(network: Network) -> Network:
    """Return an equal network whose sums of vectors add vectors of one size.

    An input of one value is repeated by a dense layer of ones.
    """
    nodes = []
    for node in network.nodes:
        shapes = [network.shapes[name] for name in node.inputs]
        if node.kind == "add" and len(set(shapes)) > 1 and all(len(s) == 1 for s in shapes):
            (size,) = network.shapes[node.name]
            inputs = []
            for k, (name, (n,)) in enumerate(zip(node.inputs, shapes, strict=True)):
                if n != size:
                    weights = {"kernel": np.ones((1, size), "f4"), "bias": np.zeros(size, "f4")}
                    nodes.append(Node(f"{node.name}:{k}", "dense", (name,), {}, weights))
                    name = f"{node.name}:{k}"
                inputs.append(name)
            node = replace(node, inputs=tuple(inputs))
        nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)
