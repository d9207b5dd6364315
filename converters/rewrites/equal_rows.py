"""Give every input of a dense layer weights of one size, before they are rounded to few levels.

Where a batch normalization was folded in, the rows of a kernel differ by orders of magnitude, and
with one scale per output the small ones would be rounded away. The sizes go into a normalization
in front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from caloexport.converters.free_names import primed
from caloexport.runtime.network import Network, Node

#: rows whose largest weights differ by less need no help
ALIKE = 1.1


def equal_rows(
    network: Network, alike: float = ALIKE, chosen: Callable[[Node], bool] = lambda node: True
) -> Network:
    """Return an equal network in which the largest weight of every row of dense kernels is 1.

    Exact but for one rounding of each weight; a kernel whose rows are alike stays.

    Args:
        network: the network.
        alike: rows whose largest weights differ by a smaller factor need no help.
        chosen: says of a dense layer whether it takes part.
    """
    nodes: list[Node] = []
    for node in network.nodes:
        takes_part = node.kind == "dense" and chosen(node)
        nodes += _split(network, node, alike) if takes_part else [node]
    return (
        network
        if len(nodes) == len(network.nodes)
        else Network(network.inputs, nodes, network.outputs)
    )


def _split(network: Network, node: Node, alike: float) -> list[Node]:
    kernel = node.weights["kernel"]
    largest = np.maximum(kernel.max(axis=1), -kernel.min(axis=1)).astype(np.float32)
    sizes = np.where(largest > 0, largest, np.float32(1))
    if sizes.max() <= alike * sizes.min():
        return [node]
    name = primed(f"{node.name}:rows", network.shapes)
    weights = {"scale": sizes, "offset": np.zeros_like(sizes)}
    scaled = replace(
        node,
        inputs=(name,),
        weights={**node.weights, "kernel": (kernel / sizes[:, None]).astype(np.float32)},
    )
    return [Node(name, "normalization", node.inputs, {}, weights), scaled]
