"""Convolutions as dense layers: gather the windows of some positions, multiply them together."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.casts import floats_at, integers_at
from caloexport.runtime.kernels.codes import (
    CELL_BIAS,
    CELLS,
    N_IN,
    N_OUT,
    OFFSETS,
    OTHER,
    PLACES,
    POSITIONS,
    POSITIONS_TOGETHER,
    SOURCE,
    STRETCH,
    STRETCHES,
    TARGET,
)
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.dense import dense

_f = np.float32
ZERO = _f(0)
FLOAT_BYTES, INTEGER_BYTES = 4, 8


@inner
def convolve(step, constants, room, values):
    """Run a convolution with its activation on one shower's values (an address).

    The windows of a block of positions are written out at OTHER, one after the other.
    """
    taps, length, width, n_out = step[STRETCHES], step[STRETCH], step[N_IN], step[N_OUT]
    offsets = integers_at(step[OFFSETS])
    source = floats_at(values + step[SOURCE] * FLOAT_BYTES)
    windows = values + step[OTHER] * FLOAT_BYTES
    window = floats_at(windows)
    for first in range(0, step[POSITIONS], POSITIONS_TOGETHER):
        rows = min(POSITIONS_TOGETHER, step[POSITIONS] - first)
        places = integers_at(step[PLACES] + first * INTEGER_BYTES)
        write_windows(source, places, rows, offsets, taps, length, window)
        target = values + (step[TARGET] + first * n_out) * FLOAT_BYTES
        dense(step, constants, room, windows, width, rows, target, n_out, 0, 0, ZERO)


@inner
def write_windows(source, places, rows, offsets, taps, length, target):
    """Copy the windows that begin at some places, tap after tap, ``length`` floats of each."""
    at = 0
    for row in range(rows):
        for tap in range(taps):
            place = places[row] + offsets[tap]
            for i in range(length):
                target[at + i] = source[place + i]
            at += length


@inner
def spread(step, constants, room, values):
    """Run a transposed convolution on one shower's values (an address).

    The products of a block of cells with the whole kernel are written at OTHER, and each tap's
    part is added to the cell where it belongs. The bias stands there before.
    """
    taps, units, width = step[STRETCHES], step[STRETCH], step[N_IN]
    result = floats_at(values + step[TARGET] * FLOAT_BYTES)
    bias, offsets = floats_at(step[CELL_BIAS]), integers_at(step[OFFSETS])
    for cell in range(step[CELLS]):
        for i in range(units):
            result[cell * units + i] = bias[i]
    products = values + step[OTHER] * FLOAT_BYTES
    parts = floats_at(products)
    for first in range(0, step[POSITIONS], POSITIONS_TOGETHER):
        rows = min(POSITIONS_TOGETHER, step[POSITIONS] - first)
        inputs = values + (step[SOURCE] + first * width) * FLOAT_BYTES
        dense(step, constants, room, inputs, width, rows, products, taps * units, 0, 0, ZERO)
        places = integers_at(step[PLACES] + first * INTEGER_BYTES)
        for row in range(rows):
            for tap in range(taps):
                place = places[row] + offsets[tap]
                part = (row * taps + tap) * units
                for i in range(units):
                    result[place + i] += parts[part + i]
