"""8-bit kernels, multiplied with 8-bit activations: for throughput."""

from __future__ import annotations

from caloexport.converters.precisions import precisions
from caloexport.converters.precisions.int8 import Int8Precision


class Int8A8Precision(Int8Precision):
    """The same kernels as int8; their products round the activations to 8 bits, too."""

    summary = "8-bit kernels and 8-bit activations, for many showers at a time; less exact"
    equal_ranges = True


precisions.register("int8-a8")(Int8A8Precision())
