"""Which network inputs are categories: whole numbers that an embedding looks up."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network

#: a value of which no input column is known
UNKNOWN = -1.0


def category_columns(network: Network) -> dict[int, int]:
    """Return the columns of the input vector that embeddings read, and how many categories each.

    Followed through layers that only move values; a number that is first calculated with is no
    category.

    >>> from caloexport.runtime.network import Node
    >>> table = {"table": np.zeros((5, 2))}
    >>> look_up = Node("y", "embedding", ("x",), {"column": 1}, table)
    >>> category_columns(Network({"x": (3,)}, [look_up], ["y"]))
    {1: 5}
    """
    found: dict[int, int] = {}
    places: dict[str, Float64] = {}
    start = 0
    for name, shape in network.inputs.items():
        size = math.prod(shape)
        places[name] = np.arange(start, start + size, dtype=np.float64).reshape(shape)
        start += size
    for node in network.nodes:
        kind, reads = layers[node.kind], [places[name][None] for name in node.inputs]
        if kind.selects:
            places[node.name] = kind.evaluate(node, reads)[0]
            continue
        if node.kind == "embedding":
            categories = len(node.weights["table"])
            for column in reads[0][..., node.attributes["column"]].ravel():
                if column != UNKNOWN:
                    found[int(column)] = min(categories, found.get(int(column), categories))
        # a broadcast view: nothing is known, and it takes no memory
        places[node.name] = np.broadcast_to(np.float64(UNKNOWN), network.shapes[node.name])
    return found
