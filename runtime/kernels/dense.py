"""A dense layer on several showers: tile by tile, with activation and storing included."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels.activations import activate
from caloexport.runtime.kernels.casts import floats_at
from caloexport.runtime.kernels.codes import (
    FIRST,
    FUNCTION,
    N_IN,
    N_OUT,
    SECOND,
    TRAINED,
    TRAINED_STEP,
)
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.elementwise import store
from caloexport.runtime.kernels.plan import ROWS
from caloexport.runtime.kernels.tile import product_of_block, product_of_one
from caloexport.runtime.packing import TILE

_f = np.float32
FLOAT_BYTES = 4
VECTOR_BYTES = 64
TILE_BYTES = TILE * FLOAT_BYTES


@inner
def dense(step, constants, room, inputs, stride, rows, target, gap, factors, n_factors, threshold):
    """Multiply ``rows`` inputs with a kernel.

    Args:
        step, constants: row of the plan.
        room: address of working space: one tile of results, then interleaved inputs.
        inputs: address of the first input; they are ``stride`` floats apart.
        target: address of the first result; they are ``gap`` floats apart.
        factors: address of ``n_factors`` factors: none (results are kept as they are), one, or
            one per row.
        threshold: results below become 0, when there are factors.
    """
    n_in, n_out = step[N_IN], step[N_OUT]
    interleaved = room + ROWS * TILE_BYTES
    interleave(inputs, stride, n_in, rows, floats_at(interleaved))
    for tile in range((n_out + TILE - 1) // TILE):
        weights = step[FIRST] + tile * n_in * TILE_BYTES
        bias = step[SECOND] + tile * TILE_BYTES
        count = min(TILE, n_out - tile * TILE)
        trained = floats_at(step[TRAINED] + step[TRAINED_STEP] * tile * TILE_BYTES)
        row = 0
        while row < rows:
            together = ROWS if rows - row >= ROWS else 1
            if together == ROWS:
                source = interleaved + row * n_in * FLOAT_BYTES
                for column in range(0, count * FLOAT_BYTES, VECTOR_BYTES):
                    product_of_block(weights + column, source, n_in, bias + column, room + column)
            else:
                source = inputs + row * stride * FLOAT_BYTES
                product_of_one(weights, source, n_in, bias, room)
            for r in range(together):
                values = floats_at(room + r * TILE_BYTES)
                activate(step[FUNCTION], values, count, constants, trained, step[TRAINED_STEP])
                place = floats_at(target + ((row + r) * gap + tile * TILE) * FLOAT_BYTES)
                if n_factors == 0:
                    store(values, count, place, _f(1), _f(-np.inf))
                else:
                    factor = floats_at(factors)[row + r if n_factors > 1 else 0]
                    store(values, count, place, factor, threshold)
            row += together


@inner
def interleave(inputs, stride, n_in, rows, result):
    """Write the inputs of every full block of showers as (blocks, n_in, ROWS)."""
    for row in range(rows // ROWS * ROWS):
        source = floats_at(inputs + row * stride * FLOAT_BYTES)
        start = (row // ROWS) * n_in * ROWS + row % ROWS
        for k in range(n_in):
            result[start + k * ROWS] = source[k]
