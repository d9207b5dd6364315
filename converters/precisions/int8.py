"""Kernels as 8-bit whole numbers with one scale per output: a quarter of the file."""

from __future__ import annotations

import numpy as np

from caloexport.converters.precisions import Precision, precisions
from caloexport.runtime.arrays import Array, Float32

#: -127 … 127: symmetric, so that no zero point is needed
LEVELS = 127
#: of the scale; with the seven of a level a product still has at most 24, so it is exact
SCALE_BITS = 16


class Int8Precision(Precision):
    """q·scale with q from -127 to 127; the scale is that of the last axis' entry."""

    summary = "8-bit kernels with a scale per output, a quarter of the file; arithmetic in float32"
    cell = 0.1
    total = 0.03

    def rounded(self, kernel: Array, layer: str) -> Array:
        scale = scales(kernel, axis=kernel.ndim - 1)
        # no negative zeros, which whole numbers do not have: what is read back has the same hash
        levels = kernel / scale
        np.rint(levels, out=levels)
        levels *= scale
        levels += 0.0
        return levels.astype(np.float32, copy=False)


def scales(kernel: Array, axis: int) -> Float32:
    """Return the step between two levels for each entry of an axis, ready to broadcast.

    Rounded up to 16 bits, so that level times step is exact in float32, and so that the scales of
    a kernel that was rounded are those that it was rounded with.

    >>> scales(np.array([[1.0, 0.0], [-127.0, 0.0]]), axis=1)
    array([[1., 1.]], dtype=float32)
    """
    others = tuple(k for k in range(kernel.ndim) if k != axis)
    above, below = kernel.max(axis=others, keepdims=True), kernel.min(axis=others, keepdims=True)
    largest = np.maximum(above, -below).astype(np.float64) / LEVELS
    mantissa, exponent = np.frexp(largest)
    step = np.ldexp(np.ceil(mantissa * 2**SCALE_BITS), exponent - SCALE_BITS)
    # below the smallest normal number of float32 a step would be rounded itself
    smallest = float(np.finfo(np.float32).tiny)
    return np.where(largest > 0, np.maximum(step, smallest), 1.0).astype(np.float32)


precisions.register("int8")(Int8Precision())
