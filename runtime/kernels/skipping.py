"""A dense layer whose tiles are computed only where the bound allows a cell above the threshold.

``runtime.skipping`` explains and proves the bound; this is its compiled form. The tiles that
remain are given to ``dense`` in runs of neighbours, so that products, activations and bits are
those of the whole layer.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.kernels.casts import (
    bytes_at,
    doubles_at,
    floats_at,
    integers32_at,
    integers_at,
)
from caloexport.runtime.kernels.codes import (
    ACTIVATIONS,
    BOUND,
    COLUMNS,
    FIRST,
    FUNCTION,
    N_IN,
    N_OUT,
    SCALE,
    SECOND,
    WORK,
)
from caloexport.runtime.kernels.compiled import inner
from caloexport.runtime.kernels.dense import dense
from caloexport.runtime.kernels.plan_skipping import (
    BIAS_STEP,
    BIASES,
    CENTRE,
    CODES,
    KERNEL,
    LARGEST_ALONE,
    LARGEST_OF_MANY,
    LOWEST_BIAS,
    NORM_STEP,
    NUMBERS,
    ORDER,
    RUN,
    SCALES,
    SLACK,
    SLACK_PER_INPUT,
    STACKED,
    TILE_BYTES,
    TILES,
)
from caloexport.runtime.kernels.tile_bound import mark_tiles
from caloexport.runtime.packing import TILE
from caloexport.runtime.skipping import (
    BIAS,
    DIRECTIONS,
    HIGHEST_LIMIT,
    LARGEST_INPUT,
    LOWEST_LIMIT,
    MARGIN,
    NORM,
    ROWS,
    TOGETHER,
    ZERO,
)

SIGMOID = ACTIVATIONS["sigmoid"]
FLOAT_BYTES, DOUBLE_BYTES = 4, 8
#: tiles between two runs that are computed rather than jumped over
GAP = 1
#: larger activations are not bounded, nor are infinities and NaN
LARGEST_HIDDEN = 1e15


@inner
def may_skip(step, factor, threshold, rows):
    """Say whether skipping is possible and worth its bound for a shower among ``rows``."""
    if step[BOUND] == 0:
        return False
    bound = integers_at(step[BOUND])
    numbers = doubles_at(bound[NUMBERS])
    largest = numbers[LARGEST_ALONE if rows == 1 else LARGEST_OF_MANY]
    return 0 < threshold < np.inf and 0 < factor < np.inf and factor <= largest


@inner
def dense_skipping(step, constants, room, hidden, stride, cells, factors, threshold, values):
    """Compute the cells of one shower.

    Args:
        step, constants: row of the plan.
        room: address of the working space of ``dense``.
        hidden: address of (n_in,) inputs of the layer; ``stride`` is passed on.
        cells: address of (n_out,) cells.
        factors: address of the shower's factor.
        threshold: smaller cells become 0.
        values: address of the scratch row, in which the layer has a place of its own.

    Returns:
        whether it did: not when an input is too large to be bounded.
    """
    bound = integers_at(step[BOUND])
    work = values + step[WORK] * FLOAT_BYTES
    n_in, n_out, tiles = step[N_IN], step[N_OUT], bound[TILES]
    inputs = work + (ROWS + n_in) * DOUBLE_BYTES
    marks = inputs + ROWS * FLOAT_BYTES
    row = marks + (tiles // FLOAT_BYTES + 1) * FLOAT_BYTES
    buffer = row + COLUMNS * DOUBLE_BYTES
    largest, limit = prepare(step, hidden, floats_at(factors)[0], threshold, work, inputs)
    if not largest < LARGEST_HIDDEN:
        return False
    mark_tiles(bound[CODES], inputs, tiles, limit, marks)
    clear(floats_at(cells), n_out)
    marked = bytes_at(marks)
    tile = 0
    while tile < tiles:
        if marked[tile] == 0:
            tile += 1
            continue
        end = end_of_run(marked, tile, tiles)
        compute(
            step, constants, room, hidden, stride, tile, end, cells, factors, threshold, row, buffer
        )
        tile = end
    return True


@inner
def prepare(step, hidden, factor, threshold, work, inputs):
    """Write the whole numbers that multiply the codes; return max|h| and the limit of the sums.

    See ``Bound.inputs``, which does the same.
    """
    bound = integers_at(step[BOUND])
    numbers = doubles_at(bound[NUMBERS])
    n_in = step[N_IN]
    h, centre = floats_at(hidden), floats_at(bound[CENTRE])
    sums, stacked = doubles_at(work), floats_at(bound[STACKED])
    width = ROWS + n_in
    for i in range(width):
        sums[i] = 0.0
    largest = 0.0
    for k in range(n_in):
        largest = max(largest, abs(np.float64(h[k])))
        away = np.float64(h[k]) - np.float64(centre[k])
        for i in range(width):
            sums[i] += away * np.float64(stacked[k * width + i])
        if not away < LARGEST_HIDDEN:  # NaN, too
            largest = np.inf
    power = 0.0
    for i in range(n_in):
        power += sums[ROWS + i] * sums[ROWS + i]
    sums[NORM] = math.sqrt(power) * numbers[NORM_STEP]
    sums[BIAS] = numbers[BIAS_STEP]
    most = 1e-30
    for i in range(ROWS):
        most = max(most, abs(sums[i]))
    unit = most / LARGEST_INPUT
    total = write_inputs(sums, unit, inputs)
    slack = numbers[SLACK] + numbers[SLACK_PER_INPUT] * largest
    limit = limit_of_sum(step[FUNCTION], np.float64(factor), np.float64(threshold))
    steps = (limit - slack - numbers[LOWEST_BIAS]) / unit - (DIRECTIONS * ZERO / 2 + 1)
    steps = min(max(steps, np.float64(LOWEST_LIMIT)), np.float64(HIGHEST_LIMIT))
    return largest, np.int64(math.floor(steps)) + ZERO * total


@inner
def write_inputs(sums, unit, inputs):
    """Write the rounded inputs, two to a word; return the sum over the directions."""
    halves = integers32_at(inputs)
    total = np.int64(0)
    for word in range(ROWS // TOGETHER):
        for part in range(2):
            first, second = TOGETHER * word + part, TOGETHER * word + part + 2
            low, high = whole(sums, first, unit), whole(sums, second, unit)
            total += (low if first < DIRECTIONS else 0) + (high if second < DIRECTIONS else 0)
            halves[2 * word + part] = np.int32((low & 0xFFFF) | (high << 16))
    return total


@inner
def whole(sums, index, unit):
    """Return a number in units, rounded: up where the bound needs it."""
    exact = sums[index] / unit
    return np.int64(math.ceil(exact) if index >= DIRECTIONS else np.rint(exact))


@inner
def limit_of_sum(function, factor, threshold):
    """Return the sum below which a cell is certain to be set to 0, see ``skipping.limit_of``."""
    largest = threshold / (factor * (1 + MARGIN))
    if function != SIGMOID:
        return largest
    return math.log(largest / (1 - largest)) if largest < 1 else np.inf


@inner
def clear(cells, n):
    """Set every cell to 0."""
    for i in range(n):
        cells[i] = np.float32(0)


@inner
def end_of_run(marked, tile, tiles):
    """Return the end of the run of tiles that begins here, at most ``RUN`` long."""
    end, last = tile + 1, min(tile + RUN, tiles)
    for other in range(tile + 1, last):
        if marked[other] != 0:
            end = other + 1
        elif other - end >= GAP:
            break
    return end


@inner
def compute(
    step, constants, room, hidden, stride, tile, end, cells, factors, threshold, row, buffer
):
    """Compute a run of tiles and write its outputs to their cells."""
    bound = integers_at(step[BOUND])
    part = integers_at(row)
    for column in range(COLUMNS):
        part[column] = step[column]
    count = min(step[N_OUT], end * TILE) - tile * TILE
    part[N_OUT] = count
    part[FIRST] = bound[KERNEL] + tile * bound[TILE_BYTES]
    part[SECOND] = bound[BIASES] + tile * TILE * FLOAT_BYTES
    part[SCALE] = bound[SCALES] + tile * TILE * FLOAT_BYTES
    dense(part, constants, room, hidden, stride, 1, buffer, count, factors, 1, threshold)
    order = integers32_at(bound[ORDER] + tile * TILE * FLOAT_BYTES)
    found, result = floats_at(buffer), floats_at(cells)
    for i in range(count):
        result[order[i]] = found[i]
