"""Kernels as bfloat16: half the file, and half the bytes that a shower streams."""

from __future__ import annotations

import numpy as np

from caloexport.converters.precisions import Precision, precisions
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.precisions.bfloat16 import bfloat16_of


class Bfloat16Precision(Precision):
    """8-bit mantissas with the range of float32."""

    summary = "8-bit mantissas, half the file; arithmetic in float32"
    cell = 2e-2
    total = 5e-3

    def rounded(self, kernel: Array, layer: str) -> Array:
        found = bfloat16_of(kernel)
        if not np.isfinite(found).all():
            largest = float(np.abs(kernel).max())
            message = f"layer '{layer}' has a weight of {largest:g}, bfloat16 ends at 3.39e38"
            raise UnsupportedError(message, hint="--precision float32 holds it")
        return found


precisions.register("bfloat16")(Bfloat16Precision())
