"""Kernels and the inputs of their products as bfloat16: for the dot product instruction."""

from __future__ import annotations

from caloexport.runtime.arrays import Array
from caloexport.runtime.precisions import precisions
from caloexport.runtime.precisions.bfloat16 import Bfloat16Precision, bfloat16_of


class Bfloat16A16Precision(Bfloat16Precision):
    """8-bit mantissas on both sides, sums in float32: throughput."""

    rounds_inputs = True
    tolerance = "bfloat16-a16"

    def rounded_inputs(self, x: Array, largest: Array) -> Array:
        return bfloat16_of(x).astype(x.dtype)


precisions.register("bfloat16-a16")(Bfloat16A16Precision())
