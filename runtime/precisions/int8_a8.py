"""Kernels and activations as 8-bit whole numbers: throughput, and less exact."""

from __future__ import annotations

from caloexport.runtime.precisions import precisions
from caloexport.runtime.precisions.int8 import LEVELS, Int8Precision


class Int8A8Precision(Int8Precision):
    """The kernels of int8; activations rounded to 8 bits per row."""

    tolerance = "int8-a8"
    activation_levels = LEVELS


precisions.register("int8-a8")(Int8A8Precision())
