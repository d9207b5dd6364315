"""Give every input of a dense layer weights of one size, before they are rounded to few levels.

Where a batch normalization was folded in, the rows of a kernel differ by orders of magnitude, and
with one scale per output the small ones would be rounded away. The sizes go into a normalization
in front.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.free_names import primed
from caloexport.runtime.network import Network, Node

#: rows whose largest weights differ by less need no help
ALIKE = 1.1


def equal_rows(network: Network) -> Network:
    """Return an equal network in which the largest weight of every row of dense kernels is 1.

    Exact but for one rounding of each weight; a kernel whose rows are alike stays.
    """
    nodes: list[Node] = []
    for node in network.nodes:
        nodes += _split(network, node) if node.kind == "dense" else [node]
    return Network(network.inputs, nodes, network.outputs)


def _split(network: Network, node: Node) -> list[Node]:
    kernel = node.weights["kernel"]
    largest = np.maximum(kernel.max(axis=1), -kernel.min(axis=1)).astype(np.float32)
    sizes = np.where(largest > 0, largest, np.float32(1))
    if sizes.max() <= ALIKE * sizes.min():
        return [node]
    name = primed(f"{node.name}:rows", network.shapes)
    weights = {"scale": sizes, "offset": np.zeros_like(sizes)}
    scaled = replace(
        node,
        inputs=(name,),
        weights={**node.weights, "kernel": (kernel / sizes[:, None]).astype(np.float32)},
    )
    return [Node(name, "normalization", node.inputs, {}, weights), scaled]
