"""8-bit kernels for engines that compute with them: faster, and less exact.

ONNX Runtime 1.32 rounds the other side of the product to 8 bits, too: twice as fast for four
million weights, with errors of a few percent of the largest cell. What the showers lose is
measured with the engine itself, when exporting.
"""

from __future__ import annotations

from caloexport.converters.precisions import precisions
from caloexport.converters.precisions.int8 import Int8Precision


class Int8QdqPrecision(Int8Precision):
    """The same kernels as int8; engines may round the activations as well."""

    summary = "8-bit kernels that engines may multiply with 8-bit activations: fast, less exact"


precisions.register("int8-qdq")(Int8QdqPrecision())
