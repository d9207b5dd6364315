"""Weights and arithmetic in float32."""

from __future__ import annotations

from caloexport.runtime.precisions import Precision, precisions


class Float32Precision(Precision):
    """Kernels as they are."""


precisions.register("float32")(Float32Precision())
