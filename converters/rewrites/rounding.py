"""Round the weights of a rewritten node to the precision of the target, where they fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Node


def rounded(node: Node, dtype: npt.DTypeLike, **weights: Array) -> Node | None:
    """Return the node with new weights in ``dtype``, or None when one overflows float32.

    A rewrite that overflows is not exact, and is left undone. Float32 is the limit for float64
    weights, too, because consumers of text may read them as float32.
    """
    limit = np.finfo(np.float32).max
    if not all((np.abs(weight) <= limit).all() for weight in weights.values()):
        return None
    return node.with_weights(**{name: w.astype(dtype, copy=False) for name, w in weights.items()})
