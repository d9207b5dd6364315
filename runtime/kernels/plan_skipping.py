"""The last layer of a plan, told which of its tiles it may skip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import Plan
from caloexport.runtime.packing import TILE, Packed, scale_name
from caloexport.runtime.skippable import Skipping
from caloexport.runtime.skipping import DIRECTIONS, ROWS

#: what BOUND points to: addresses of arrays, the number of tiles and the bytes of one
STACKED, CENTRE, CODES, ORDER, NUMBERS, KERNEL, BIASES, SCALES, TILES, TILE_BYTES = range(10)
#: what NUMBERS points to
LOWEST_BIAS, BIAS_STEP, NORM_STEP, SLACK, SLACK_PER_INPUT, LARGEST_ALONE, LARGEST_OF_MANY = range(7)
#: tiles that are computed by one call
RUN = 16
ALIGNMENT, WORD_BYTES = 64, 4


def with_skipping(plan: Plan, packed: Packed, skipping: Skipping) -> Plan:
    """Return a plan whose last layer skips.

    The layer's weights are copied in the order of the bound: cells that rise above the threshold
    together share tiles. The copy lives as long as the plan.
    """
    bound, layer = skipping.bound, skipping.layer
    n_in, tiles = len(bound.centre), len(bound.codes)
    stacked = np.zeros((n_in, ROWS + n_in), dtype=np.float32)
    stacked[:, :DIRECTIONS], stacked[:, ROWS:] = bound.directions, bound.metric.T
    order = np.zeros(tiles * TILE, dtype=np.int32)
    order[: bound.order.size] = bound.order
    numbers = np.array([
        bound.lowest_bias, bound.bias_step, bound.norm_step, bound.slack, bound.slack_per_input,
        skipping.largest_alone, skipping.largest_of_many,
    ])  # fmt: skip
    kernel = reordered(packed[layer, "kernel"], bound.order)
    bias = packed[layer, "bias"]
    scale = packed.get((layer, scale_name("kernel")), bias)  # not read where there is none
    vectors = [reordered(vector.reshape(tiles, 1, TILE), bound.order) for vector in (bias, scale)]
    kept = [aligned(stacked), bound.centre, aligned(bound.codes), order, numbers, kernel, *vectors]
    facts = np.array([*(array.ctypes.data for array in kept), tiles, kernel[0].nbytes], np.int64)
    table = plan.table.copy()
    table[-1, codes.BOUND], table[-1, codes.WORK] = facts.ctypes.data, plan.width
    width = plan.width + work_floats(n_in, tiles)
    return replace(plan, table=table, width=width, keep=(*plan.keep, *kept, facts))


def work_floats(n_in: int, tiles: int) -> int:
    """Return how many floats of working space a layer needs; ``skipping`` divides it up."""
    sums, row = 2 * (ROWS + n_in), 2 * codes.COLUMNS  # of 8 bytes
    return sums + ROWS + tiles // WORD_BYTES + 1 + row + RUN * TILE


def reordered(packed: Array, order: Array) -> Array:
    """Return a packed kernel (tiles, rows, 64, …) with its outputs in another order."""
    result = aligned(packed)
    places = np.arange(len(packed) * TILE)
    places[: order.size] = order
    for tile, chosen in enumerate(places.reshape(-1, TILE)):
        columns = packed[chosen // TILE, :, chosen % TILE]  # (64, rows, …)
        result[tile] = np.moveaxis(columns, 0, 1)
    return result


def aligned(array: Array) -> Array:
    """Return a copy that begins at a multiple of 64 bytes, as the arrays of a file do."""
    room = np.empty(array.nbytes + ALIGNMENT, dtype=np.uint8)
    start = -room.ctypes.data % ALIGNMENT
    result = room[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    result[...] = array
    return result
