"""The one compiled function that walks a plan: x in, cell energies out."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.activations import activate, softmax
from caloexport.runtime.kernels.arguments import Argument
from caloexport.runtime.kernels.casts import floats_at, integers_at
from caloexport.runtime.kernels.codes import (
    BOUND,
    FIRST,
    FUNCTION,
    HEAD_CHUNK,
    HEAD_CONSTANTS,
    HEAD_N_IN,
    HEAD_N_OUT,
    HEAD_STEPS,
    HEAD_TABLE,
    HEAD_WIDTH,
    N_IN,
    N_OUT,
    OPERATION,
    OTHER,
    PLACES,
    POSITIONS,
    SECOND,
    SOURCE,
    STRETCH,
    STRETCHES,
    TARGET,
    TO_OUTPUT,
    TRAINED,
    TRAINED_STEP,
)
from caloexport.runtime.kernels.compiled import entry, inner
from caloexport.runtime.kernels.convolution import convolve, spread
from caloexport.runtime.kernels.dense import dense
from caloexport.runtime.kernels.elementwise import (
    combine,
    copy,
    gather,
    layer_normalize,
    normalize,
    reduce,
    store,
)
from caloexport.runtime.kernels.skipping import dense_skipping, may_skip

_f = np.float32
DENSE, COPY, ACTIVATE, SOFTMAX = codes.DENSE, codes.COPY, codes.ACTIVATE, codes.SOFTMAX
NORMALIZE, OUTPUT, GATHER = codes.NORMALIZE, codes.OUTPUT, codes.GATHER
LAYER_NORMALIZE, REDUCE = codes.LAYER_NORMALIZE, codes.REDUCE
CONVOLVE, SPREAD = codes.CONVOLVE, codes.SPREAD
COLUMNS, N_CONSTANTS = codes.COLUMNS, codes.N_CONSTANTS
FLOAT_BYTES, INTEGER_BYTES = 4, 8


@inner
def run_dense(step, constants, scratch, room, width, rows, cells, factors, n_factors, threshold):
    """Run a dense layer on every shower of a chunk.

    Args:
        step, constants: row of the plan.
        scratch: address of the chunk's values, ``width`` floats per shower.
        room: address of working space, see ``dense``.
        cells: address of the chunk's outputs.
        factors: one factor, or one per shower of the chunk, for a layer that writes outputs.
    """
    n_in, n_out, positions = step[N_IN], step[N_OUT], step[POSITIONS]
    # the showers of a chunk together; one by one when each holds several positions
    calls = 1 if positions == 1 else rows
    together = rows if positions == 1 else positions
    stride = width if positions == 1 else n_in
    gap, target = width if positions == 1 else n_out, scratch + step[TARGET] * FLOAT_BYTES
    used = n_factors
    if step[TARGET] == TO_OUTPUT:
        gap, target = n_out, cells
    else:
        used = 0
    if used > 0 and step[BOUND] != 0:
        run_skipping(
            step, constants, room, scratch, width, rows, cells, factors, n_factors, threshold
        )
        return
    for call in range(calls):
        shift = call * width * FLOAT_BYTES
        inputs = scratch + step[SOURCE] * FLOAT_BYTES + shift
        dense(
            step, constants, room, inputs, stride, together, target + shift, gap, factors, used,
            threshold,
        )  # fmt: skip


@inner
def run_skipping(step, constants, room, scratch, width, rows, cells, factors, n_factors, threshold):
    """Run the last layer of a chunk: showers by themselves where skipping pays, else together."""
    row = 0
    while row < rows:
        first = row
        while row < rows:
            factor = factors + (row if n_factors > 1 else 0) * FLOAT_BYTES
            hidden = scratch + (row * width + step[SOURCE]) * FLOAT_BYTES
            target = cells + row * step[N_OUT] * FLOAT_BYTES
            if may_skip(step, floats_at(factor)[0], threshold, rows) and dense_skipping(
                step, constants, room, hidden, width, target, factor, threshold, scratch
            ):
                break
            row += 1
        if row > first:
            factor = factors + (first if n_factors > 1 else 0) * FLOAT_BYTES
            dense(
                step, constants, room, scratch + (first * width + step[SOURCE]) * FLOAT_BYTES,
                width, row - first, cells + first * step[N_OUT] * FLOAT_BYTES, step[N_OUT],
                factor, row - first if n_factors > 1 else 1, threshold,
            )  # fmt: skip
        row += 1


@inner
def run_other(step, constants, room, values):
    """Run any other operation on one shower's values; they and the working space are addresses."""
    operation, positions, units = step[OPERATION], step[POSITIONS], step[N_OUT]
    source = floats_at(values + step[SOURCE] * FLOAT_BYTES)
    target = values + step[TARGET] * FLOAT_BYTES
    result = floats_at(target)
    if operation == COPY:
        copy(source, step[N_IN], result, units, positions)
    elif operation == NORMALIZE:
        scale, offset = floats_at(step[FIRST]), floats_at(step[SECOND])
        normalize(source, result, positions, units, scale, offset)
    elif operation == ACTIVATE:
        copy(source, units, result, units, positions)
        trained = floats_at(step[TRAINED])
        for position in range(positions):
            part = floats_at(target + position * units * FLOAT_BYTES)
            activate(step[FUNCTION], part, units, constants, trained, step[TRAINED_STEP])
    elif operation == SOFTMAX:
        copy(source, units, result, units, positions)
        sizes = integers_at(step[FIRST])
        for position in range(positions):
            start = target + position * units * FLOAT_BYTES
            for group in range(step[N_IN]):
                softmax(floats_at(start), sizes[group], step[FUNCTION])
                start += sizes[group] * FLOAT_BYTES
    else:
        run_rarer(step, constants, room, values, source, result)


@inner
def run_rarer(step, constants, room, values, source, result):
    """Run one of the operations without a line of their own in ``run_other``."""
    operation, positions, units = step[OPERATION], step[POSITIONS], step[N_OUT]
    if operation == CONVOLVE:
        convolve(step, constants, room, values)
    elif operation == SPREAD:
        spread(step, constants, room, values)
    elif operation == GATHER:
        places = integers_at(step[PLACES])
        gather(source, places, step[STRETCHES], step[STRETCH], constants[0], result)
    elif operation == LAYER_NORMALIZE:
        gamma, beta = floats_at(step[FIRST]), floats_at(step[SECOND])
        rms = constants[1]
        layer_normalize(source, result, positions, units, gamma, beta, constants[0], rms)
    elif operation == REDUCE:
        reduce(step[FUNCTION], source, positions, step[N_IN], result)
    else:
        other = floats_at(values + step[OTHER] * FLOAT_BYTES)
        left, right = integers_at(step[FIRST]), integers_at(step[SECOND])
        combine(operation, units, source, left, other, right, result)


@inner
def run_chunk(plan, values, room, rows, cells, scale, n_factors, threshold):
    """Run the operations of a plan on the showers of a chunk.

    Args:
        plan: pointer to (9,) int64, the head of the plan.
        values: address of the chunk's values, the inputs in place.
        room: address of working space.
        cells: address of the chunk's outputs.
        scale: address of one factor, or of one per shower.
    """
    width, n_out = plan[HEAD_WIDTH], plan[HEAD_N_OUT]
    for index in range(plan[HEAD_STEPS]):
        step = integers_at(plan[HEAD_TABLE] + index * COLUMNS * INTEGER_BYTES)
        parameters = floats_at(plan[HEAD_CONSTANTS] + index * N_CONSTANTS * FLOAT_BYTES)
        operation = step[OPERATION]
        if operation == DENSE:
            run_dense(
                step, parameters, values, room, width, rows, cells, scale, n_factors, threshold
            )
            continue
        for row in range(rows):
            shower = values + row * width * FLOAT_BYTES
            if operation == OUTPUT:
                source = floats_at(shower + step[SOURCE] * FLOAT_BYTES)
                target = floats_at(cells + row * n_out * FLOAT_BYTES)
                factor = floats_at(scale)[row if n_factors > 1 else 0]
                store(source, n_out, target, factor, threshold)
            else:
                run_other(step, parameters, room, shower)


@inner
def run_plan(plan, x, out, n, factors, n_factors, threshold, scratch):
    """Run a plan on n showers, in chunks; all arguments but the numbers are addresses.

    Args:
        plan: head of the plan.
        x: (n, n_in) float32.
        out: (n, n_out) float32, overwritten with the outputs times their factor.
        factors: (n,) or (1,) float32.
        threshold: float32; smaller results become 0.
        scratch: working space, of the size that the plan says for n.
    """
    head = integers_at(plan)
    width, chunk, n_in, n_out = (
        head[HEAD_WIDTH],
        head[HEAD_CHUNK],
        head[HEAD_N_IN],
        head[HEAD_N_OUT],
    )
    room = scratch + min(chunk, n) * width * FLOAT_BYTES
    for first in range(0, n, chunk):
        rows = min(chunk, n - first)
        for row in range(rows):
            inputs = floats_at(x + (first + row) * n_in * FLOAT_BYTES)
            values = floats_at(scratch + row * width * FLOAT_BYTES)
            for i in range(n_in):
                values[i] = inputs[i]
        scale = factors + (first * FLOAT_BYTES if n_factors > 1 else 0)
        cells = out + first * n_out * FLOAT_BYTES
        several = rows if n_factors > 1 else 1
        run_chunk(head, scratch, room, rows, cells, scale, several, threshold)


@entry(
    Argument.INTEGER, Argument.READABLE, Argument.WRITABLE, Argument.READABLE, Argument.REAL,
    Argument.WRITABLE,
)  # fmt: skip
def run(
    plan, x, x_bytes, out, out_bytes, factors, factors_bytes, threshold, scratch, scratch_bytes
):
    """Run a plan on showers and return how many; arguments as of ``run_plan``."""
    n_out = integers_at(plan)[HEAD_N_OUT]
    n = out_bytes // (n_out * FLOAT_BYTES)
    n_factors = factors_bytes // FLOAT_BYTES
    run_plan(plan, x, out, n, factors, n_factors, _f(threshold), scratch)
    return n
