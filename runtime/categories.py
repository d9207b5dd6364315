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
            column, table = node.attributes["column"], node.weights["table"]
            for place in reads[0][..., column].ravel():
                if place != UNKNOWN:
                    found[int(place)] = min(len(table), found.get(int(place), len(table)))
            places[node.name] = _around(reads[0][0], column, table.shape[1])
            continue
        # a broadcast view: nothing is known, and it takes no memory
        places[node.name] = np.broadcast_to(np.float64(UNKNOWN), network.shapes[node.name])
    return found


def _around(places: Float64, column: int, width: int) -> Float64:
    """Return the places of values that an embedding passes, unknown where it puts its own."""
    own = np.full((*places.shape[:-1], width), UNKNOWN)
    return np.concatenate([places[..., :column], own, places[..., column + 1 :]], axis=-1)
