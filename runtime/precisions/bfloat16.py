"""Kernels as bfloat16: the upper half of a float32; arithmetic in float32."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.runtime.precisions import Precision, precisions


class Bfloat16Precision(Precision):
    """8-bit mantissas in half the bytes; activations keep all their digits."""

    together = 2
    dtype = np.uint16

    def encode(self, matrix: Array, scale: Float32 | None) -> Array:
        words = np.ascontiguousarray(matrix, dtype=np.float32).view(np.uint32)
        if (words & 0xFFFF).any():
            message = "a kernel has more digits than bfloat16 holds"
            raise UsageError(message, hint="round it with bfloat16_of")
        return (words >> 16).astype(np.uint16)

    def decode(self, stored: Array, scale: Float32 | None) -> Float32:
        words = stored.astype(np.uint32)
        words <<= 16
        return words.view(np.float32)


def bfloat16_of(values: Array) -> Float32:
    """Return values rounded to bfloat16, ties to even, as float32.

    >>> bfloat16_of(np.array([1.00390625, 1.01171875]))  # ties: half a step above 1, above 1 + 2⁻⁷
    array([1.      , 1.015625], dtype=float32)
    """
    words = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    even = (words >> 16) & 1
    rounded: Float32 = ((words + 0x7FFF + even) & 0xFFFF0000).view(np.float32)
    # adding to a NaN could make it a number
    return np.where(np.isfinite(values), rounded, values).astype(np.float32, copy=False)


precisions.register("bfloat16")(Bfloat16Precision())
