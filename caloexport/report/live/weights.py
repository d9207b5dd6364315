"""Weights for the browser: one stretch of bytes and a table that tells where each weight stands.

Kernels are matrices (n_out, n_in), so that the weights of one output stand together, which is how
the evaluator reads them, in the precision of the artifact: bfloat16 as the upper half of a
float32, 8-bit ones as signed whole numbers with a float32 scale for each output. The rest is
float32 in its own shape. Everything is little-endian and begins at a multiple of four bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import as_matrix, stored_precision
from caloexport.runtime.precisions import precisions

#: precisions that the evaluator has: roundings.js, and weightOf in weights.js
KNOWN = ("float32", "bfloat16", "bfloat16-a16", "int8", "int8-a8")


class WeightBytes:
    """The weights of a network, put one behind the other.

    Args:
        network: with its weights, rounded to the precision of the arithmetic.
        arithmetic: an entry of ``runtime.precisions``.

    Raises:
        UnsupportedError: a precision that the evaluator does not have.

    Attributes:
        table: for each node a row for each weight: ``at`` (byte), ``shape``, ``precision``, and for
            8-bit ones ``scale`` (byte of the scales).
    """

    def __init__(self, network: Network, arithmetic: str) -> None:
        if arithmetic not in KNOWN:
            message = f"the live page's evaluator does not have the precision '{arithmetic}'"
            raise UnsupportedError(message, hint="convert the model with --precision bfloat16")
        self._parts: list[bytes] = []
        self._length = 0
        self.table = {
            node.name: {key: self._add(node, key, arithmetic) for key in node.weights}
            for node in network.nodes
        }

    @property
    def content(self) -> bytes:
        """All bytes."""
        return b"".join(self._parts)

    def _add(self, node: Node, key: str, arithmetic: str) -> dict[str, Any]:
        weight = node.weights[key]
        matrix = as_matrix(node.kind, key, weight)
        precision = stored_precision(node.kind, key, weight.shape, arithmetic)
        entry = precisions[precision]
        if matrix is None or not entry.reduces:
            values = weight if matrix is None else matrix.T
            return _row(values, "float32", self._put(values.astype("<f4")))
        scale = entry.scale(matrix)
        place = self._put(_stored(matrix, scale, precision))
        if scale is None:
            return _row(matrix.T, "bfloat16", place)
        return _row(matrix.T, "int8", place) | {"scale": self._put(scale.astype("<f4"))}

    def _put(self, values: Array) -> int:
        """Append an array and return where it begins."""
        start = self._length
        content = np.ascontiguousarray(values).tobytes()
        content += bytes(-len(content) % 4)
        self._parts.append(content)
        self._length += len(content)
        return start


def _row(values: Array, precision: str, place: int) -> dict[str, Any]:
    return {"shape": list(values.shape), "precision": precision, "at": place}


def _stored(matrix: Array, scale: Float32 | None, precision: str) -> Array:
    entry = precisions[precision]
    stored = entry.encode(matrix, scale).T
    if scale is None:
        return stored.astype("<u2")
    return (stored.astype(np.int16) - entry.zero).astype(np.int8)
