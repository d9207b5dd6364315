"""Operations that move or combine values; every array is a pointer to its first value."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.compiled import inner

ZERO = np.float32(0)


@inner
def store(values, n, target, factor, threshold):
    """Write values · factor, 0 where that is below the threshold."""
    for i in range(n):
        x = values[i] * factor
        target[i] = ZERO if x < threshold else x


@inner
def copy(source, n, target, step, positions):
    """Copy ``positions`` stretches of n neighbours to places ``step`` apart."""
    for position in range(positions):
        for i in range(n):
            target[position * step + i] = source[position * n + i]


@inner
def normalize(source, target, positions, units, scale, offset):
    """Write scale·x + offset, with scale and offset (units,)."""
    for position in range(positions):
        for i in range(units):
            at = position * units + i
            target[at] = source[at] * scale[i] + offset[i]


@inner
def combine(is_sum, n, first, left, second, right, target):
    """Write first[left] + second[right] or their product; the index maps (n,) broadcast."""
    if is_sum:
        for i in range(n):
            target[i] = first[left[i]] + second[right[i]]
    else:
        for i in range(n):
            target[i] = first[left[i]] * second[right[i]]
