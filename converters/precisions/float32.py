"""Weights as float32, as they were trained."""

from __future__ import annotations

import numpy as np

from caloexport.converters.precisions import Precision, precisions
from caloexport.runtime.arrays import Array


class Float32Precision(Precision):
    """Nothing is rounded but what came from float64."""

    summary = "24-bit weights, as trained"

    def rounded(self, kernel: Array, layer: str) -> Array:
        return kernel.astype(np.float32, copy=False)


precisions.register("float32")(Float32Precision())
