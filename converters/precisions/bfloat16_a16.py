"""Kernels as bfloat16, multiplied with bfloat16 activations: for throughput."""

from __future__ import annotations

from caloexport.converters.precisions import precisions
from caloexport.converters.precisions.bfloat16 import Bfloat16Precision


class Bfloat16A16Precision(Bfloat16Precision):
    """The kernels of bfloat16; their products round the activations, too."""

    summary = "8-bit mantissas of weights and activations, for many showers at a time"
    cell = 5e-2
    total = 1e-2


precisions.register("bfloat16-a16")(Bfloat16A16Precision())
