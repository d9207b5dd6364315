"""Kernels as 8-bit whole numbers with a scale per output, activations as 16-bit ones."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.runtime.precisions import Precision, precisions

#: levels of a weight: -127 … 127, symmetric, so that no zero point is needed
LEVELS = 127
#: of the scale; with the seven of a level a product still has at most 24, so it is exact
SCALE_BITS = 16
#: of an activation, in two bytes: 127·256 + 127
ACTIVATION_LEVELS = 32639
#: the largest activation of a row counts as this if it is smaller: its inverse stays finite
SMALLEST = np.float32(1e-30)


class Int8Precision(Precision):
    """Weights q·scale, stored as q + 128; activations rounded to 16 bits per row."""

    together = 4
    dtype = np.uint8
    zero = 128
    scaled = True
    rounds_inputs = True
    tolerance = "int8"
    #: the largest activation of a row becomes this whole number
    activation_levels = ACTIVATION_LEVELS

    def scale(self, matrix: Array) -> Float32:
        return scales(matrix, axis=1).reshape(-1)

    def encode(self, matrix: Array, scale: Float32 | None) -> Array:
        levels = matrix / scale
        if not ((levels == np.rint(levels)).all() and np.abs(levels).max(initial=0) <= LEVELS):
            message = "a kernel is not made of 255 levels for each output"
            raise UsageError(message, hint="round it to int8 first")
        levels += self.zero
        return levels.astype(np.uint8)

    def decode(self, stored: Array, scale: Float32 | None) -> Float32:
        levels = stored.astype(np.float32)
        levels -= self.zero
        if scale is not None:
            levels *= scale
        return levels

    def rounded_inputs(self, x: Array, largest: Array) -> Array:
        # in float32, whatever x is, so that a value is rounded alike by all who compute with it
        bounded = np.maximum(largest.astype(np.float32), SMALLEST)
        levels = np.rint(x.astype(np.float32) * (np.float32(self.activation_levels) / bounded))
        step = bounded / np.float32(self.activation_levels)
        return levels.astype(x.dtype) * step.astype(x.dtype)


def scales(kernel: Array, axis: int) -> Float32:
    """Return the step between two levels for each entry of an axis, ready to broadcast.

    Rounded up to 16 bits, so that level times step is exact in float32, and so that the scales of
    a kernel that was rounded are those that it was rounded with.

    >>> scales(np.array([[1.0, 0.0], [-127.0, 0.0]]), axis=1)
    array([[1., 1.]], dtype=float32)
    """
    others = tuple(k for k in range(kernel.ndim) if k != axis)
    above, below = kernel.max(axis=others, keepdims=True), kernel.min(axis=others, keepdims=True)
    return stepped(np.maximum(above, -below).astype(np.float64) / LEVELS)


def stepped(size: Array) -> Float32:
    """Return the smallest steps that are not below ``size`` and have 16 bits; 1 for zero."""
    mantissa, exponent = np.frexp(size)
    step = np.ldexp(np.ceil(mantissa * 2**SCALE_BITS), exponent - SCALE_BITS)
    # below the smallest normal number of float32 a step would be rounded itself
    smallest = float(np.finfo(np.float32).tiny)
    return np.where(size > 0, np.maximum(step, smallest), 1.0).astype(np.float32)


precisions.register("int8")(Int8Precision())
