"""Kernels as IEEE half-precision numbers: half the file, float32 arithmetic."""

from __future__ import annotations

import numpy as np

from caloexport.converters.precisions import Precision, precisions
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError


class Float16Precision(Precision):
    """11-bit kernels; below 6e-5 they lose digits, above 65504 there are none."""

    summary = "11-bit kernels, half the file; arithmetic in float32"
    cell = 1e-2
    total = 2e-3

    def rounded(self, kernel: Array, layer: str) -> Array:
        largest = float(np.abs(kernel).max(initial=0.0))
        if largest > float(np.finfo(np.float16).max):
            message = f"layer '{layer}' has a weight of {largest:g}, float16 ends at 65504"
            raise UnsupportedError(message, hint="--precision float32 holds it")
        return kernel.astype(np.float16).astype(np.float32)


precisions.register("float16")(Float16Precision())
