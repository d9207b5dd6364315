"""Products of activations with int8 kernels: exactly the arithmetic of the precisions int8, int8-a8.

The activations h of one shower entering one layer (of one position, where a layer has several) are
rounded to whole numbers a = rint(h · (L/m)), with m the largest |h| and L the largest level, 127 or
32639 (127·256 + 127: two signed bytes). With the whole numbers q of the kernel

    result = float32(Σ a·q) · ((m/L) · scale) + bias

The sum is that of whole numbers, so neither its order nor the shape of a block matters, and it is
rounded once. Every other operation is one of float32, none of them fused. So numpy, each
instruction level of the compiled kernels and C++ give the same bits.

An m below ``SMALLEST`` counts as ``SMALLEST``, which keeps L/m finite; activations of 0 give the
bias. Where an activation is infinite or NaN, all results of the layer for this shower are NaN.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32

#: bits of an activation -> its largest level; 127·256 + 127 for the two bytes
LARGEST_LEVEL = {16: 32639, 8: 127}
#: magnitude up to which activations are rounded as if this was the largest
SMALLEST = np.float32(1e-30)
#: products of whole numbers add up exactly in float32 below it, in float64 for any size met
EXACT_IN_FLOAT32 = 2**24
#: numbers of a kernel brought to floating point at a time
PIECE = 1 << 18


def quantised_product(h: Array, q: Array, scale: Array, bias: Array, bits: int) -> Float32:
    """Return h·(q·scale) + bias in the arithmetic of int8 kernels.

    Args:
        h: (..., n_in), activations; taken as float32.
        q: (n_in, n_out), whole numbers from -127 to 127 of any dtype.
        scale, bias: (n_out,); taken as float32.
        bits: of an activation, 16 (int8) or 8 (int8-a8).

    Returns:
        (..., n_out).

    >>> quantised_product(np.array([1.0, -0.5]), np.array([[2], [4]]), np.ones(1), np.ones(1), 16)
    array([0.9999387], dtype=float32)
    """
    n_in, n_out = q.shape
    levels, step = rounded_activations(h, bits)
    largest_sum = n_in * 127 * LARGEST_LEVEL[bits]
    exact = np.dtype(np.float32 if largest_sum < EXACT_IN_FLOAT32 else np.float64)
    whole = levels.astype(exact)
    factors = step * scale.astype(np.float32)
    offset = bias.astype(np.float32)
    found = np.empty((*h.shape[:-1], n_out), dtype=np.float32)
    width = max(1, PIECE // max(1, n_in))
    for start in range(0, n_out, width):
        columns = slice(start, start + width)
        total = (whole @ q[:, columns].astype(exact)).astype(np.float32)
        with np.errstate(over="ignore", invalid="ignore"):  # infinity and NaN, as in any kernel
            found[..., columns] = total * factors[..., columns] + offset[columns]
    return found


def rounded_activations(h: Array, bits: int) -> tuple[Array, Float32]:
    """Return activations as whole numbers (..., n_in) int32, and their step (..., 1).

    The step is NaN, and the numbers are 0, where an activation is not finite.

    >>> rounded_activations(np.array([1.0, -0.5, 0.0]), 8)
    (array([127, -64,   0], dtype=int32), array([0.00787402], dtype=float32))
    """
    values = np.asarray(h, dtype=np.float32)
    largest = np.abs(values).max(axis=-1, keepdims=True, initial=0)  # NaN where one is
    finite = np.isfinite(largest)
    bounded = np.where(finite, np.maximum(largest, SMALLEST), np.float32(1))
    level = np.float32(LARGEST_LEVEL[bits])
    levels = np.rint(np.where(finite, values, 0) * (level / bounded)).astype(np.int32)
    step = np.where(finite, bounded / level, np.float32(np.nan))
    return levels, step.astype(np.float32, copy=False)
