"""Operations that move or combine values; every array is a pointer to its first value."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.codes import (
    ADD,
    DIVIDE,
    MAXIMUM,
    MULTIPLY,
    REDUCTIONS,
    SUBTRACT,
)
from caloexport.runtime.kernels.compiled import inner

ZERO = np.float32(0)
MEAN, LARGEST = REDUCTIONS["mean"], REDUCTIONS["max"]


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
def combine(operation, n, first, left, second, right, target):
    """Write the operation on first[left] and second[right]; the index maps (n,) broadcast."""
    if operation == ADD:
        for i in range(n):
            target[i] = first[left[i]] + second[right[i]]
    elif operation == MULTIPLY:
        for i in range(n):
            target[i] = first[left[i]] * second[right[i]]
    elif operation == SUBTRACT:
        for i in range(n):
            target[i] = first[left[i]] - second[right[i]]
    elif operation == DIVIDE:
        for i in range(n):
            target[i] = first[left[i]] / second[right[i]]
    elif operation == MAXIMUM:
        for i in range(n):
            a, b = first[left[i]], second[right[i]]
            target[i] = a if a > b or np.isnan(a) else b  # either NaN comes through
    else:
        for i in range(n):
            a, b = first[left[i]], second[right[i]]
            target[i] = a if a < b or np.isnan(a) else b


@inner
def gather(source, places, n, length, value, target):
    """Copy n stretches of ``length`` neighbours from their places; ``value`` from nowhere."""
    for k in range(n):
        place, start = places[k], k * length
        if place < 0:
            for i in range(length):
                target[start + i] = value
        else:
            for i in range(length):
                target[start + i] = source[place + i]


@inner
def layer_normalize(source, target, positions, units, gamma, beta, epsilon, rms):
    """Write the deviation over its width, times gamma plus beta; sums are taken in float64."""
    for position in range(positions):
        start = position * units
        mean = 0.0
        if rms == ZERO:
            for i in range(units):
                mean += source[start + i]
            mean /= units
        power = 0.0
        for i in range(units):
            power += (source[start + i] - mean) ** 2
        width = np.sqrt(power / units + epsilon)
        for i in range(units):
            target[start + i] = (source[start + i] - mean) / width * gamma[i] + beta[i]


@inner
def reduce(function, source, positions, n, target):
    """Write sum, mean, maximum or minimum of n neighbours; sums are taken in float64."""
    for position in range(positions):
        total = 0.0
        extreme = source[position * n]
        for i in range(n):
            x = source[position * n + i]
            total += x
            larger = x > extreme if function == LARGEST else x < extreme
            extreme = x if larger or np.isnan(x) else extreme
        if function >= LARGEST:
            target[position] = extreme
        else:
            target[position] = total / n if function == MEAN else total
