"""Round the weights of a rewritten node to the precision of the target, where they fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Node


def scaled(kernel: Array, factors: Array, dtype: npt.DTypeLike) -> Array:
    """Return kernel·factors, computed in float64 and rounded once, without a copy in float64.

    Args:
        kernel: of any shape.
        factors: ready to broadcast to it.
        dtype: of the result; what overflows it is infinite.
    """
    found = np.empty(kernel.shape, dtype)
    with np.errstate(over="ignore"):
        np.multiply(kernel, factors, out=found, dtype=np.float64, casting="same_kind")
    return found


def rounded(node: Node, dtype: npt.DTypeLike, **weights: Array) -> Node | None:
    """Return the node with new weights in ``dtype``, or None when one overflows float32.

    A rewrite that overflows is not exact, and is left undone. Float32 is the limit for float64
    weights, too, because consumers of text may read them as float32.
    """
    limit = np.finfo(np.float32).max
    if not all(-limit <= w.min(initial=0) and w.max(initial=0) <= limit for w in weights.values()):
        return None  # NaN is in no range, either
    return node.with_weights(**{name: w.astype(dtype, copy=False) for name, w in weights.items()})
