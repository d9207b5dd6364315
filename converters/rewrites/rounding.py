"""Round the weights of a rewritten node to float32, where they fit."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Node


def rounded(node: Node, **weights: Array) -> Node | None:
    """Return the node with new weights in float32, or None when one of them overflows.

    A rewrite that overflows is not exact, and is left undone.
    """
    with np.errstate(over="ignore"):
        small = {name: weight.astype(np.float32) for name, weight in weights.items()}
    if not all(np.isfinite(weight).all() for weight in small.values()):
        return None
    return node.with_weights(**small)
