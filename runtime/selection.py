"""Layers that only move values, as index maps."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Integers
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Node, Shape

#: in an index map: the value comes from no input
NOWHERE = -1


def places_of(node: Node, shapes: list[Shape]) -> Integers:
    """Return for every output the flat input that stands there, or NOWHERE in a margin.

    Args:
        node: of a kind that ``selects``, or pad; several inputs count one after the other.
        shapes: of its inputs.

    >>> places_of(Node("y", "permute", ("x",), {"order": [1, 0]}), [(2, 2)])
    array([[0, 2],
           [1, 3]])
    """
    start, numbers = 1, []
    for shape in shapes:
        stop = start + math.prod(shape)
        # whole numbers of float64, which are exact far beyond the size of any network
        numbers.append(np.arange(start, stop, dtype=np.float64).reshape(1, *shape))
        start = stop
    attributes = {**node.attributes, "value": 0} if node.kind == "pad" else node.attributes
    bare = Node(node.name, node.kind, node.inputs, attributes)
    return np.asarray(layers[node.kind].evaluate(bare, numbers)[0].astype(np.int64) - 1)
