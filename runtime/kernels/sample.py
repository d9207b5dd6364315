"""Sampling in one call: conditions and noise in, MeV out, without arrays or allocation."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from caloexport.runtime.kernels import sampling_codes as codes
from caloexport.runtime.kernels.arguments import Argument
from caloexport.runtime.kernels.casts import doubles_at, floats_at, integers_at
from caloexport.runtime.kernels.cell_list import append_cells
from caloexport.runtime.kernels.codes import HEAD_CHUNK, HEAD_N_IN, HEAD_N_OUT, HEAD_WIDTH
from caloexport.runtime.kernels.compiled import entry, inner
from caloexport.runtime.kernels.emit import INDEX
from caloexport.runtime.kernels.gaussian import draw_shower
from caloexport.runtime.kernels.interpreter import run_chunk

_f = np.float32
LARGEST = np.finfo(np.float64).max
FLOAT_BYTES, WORD_BYTES = 4, 8
LIMIT_BYTES = codes.LIMIT_COLUMNS * WORD_BYTES
TERM_BYTES, NUMBER_BYTES = codes.TERM_COLUMNS * WORD_BYTES, codes.TERM_CONSTANTS * WORD_BYTES
ONE_BYTES = codes.ONE * FLOAT_BYTES


@intrinsic  # type: ignore[untyped-decorator]
def stack_room(context: Any) -> Any:
    """Return the address of working space on the stack of the calling function."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        room = cgutils.alloca_once(builder, ir.IntType(8), codes.STACK_BYTES)
        room.align = 64
        return builder.ptrtoint(room, INDEX)

    return types.int64(), generate


@inner
def admit(limit, policy, x):
    """Say whether a condition can be sampled, and return it after the out-of-range policy."""
    if not abs(x) <= LARGEST:  # NaN neither
        return False, x
    low, high = limit[codes.LOW], limit[codes.HIGH]
    if limit[codes.KIND] == codes.CATEGORY:
        return low <= x <= high, x
    if limit[codes.IS_ENERGY] > 0 and x < 0:
        return False, x
    if limit[codes.KIND] != codes.RANGED or policy == codes.EXTRAPOLATE or low <= x <= high:
        return True, x
    slack = limit[codes.SLACK]
    if policy == codes.ERROR and (x < low - slack or x > high + slack):
        return False, x
    return True, low if x < low else high


@inner
def write_term(term, numbers, x, target):
    """Write the numbers of a term of the condition x, and say whether there are any."""
    if term[codes.FORMULA] == codes.LOOK_UP:
        place = np.int64(x) * term[codes.TABLE_STEP] if term[codes.TABLE_STEP] > 0 else 0
        row = doubles_at(term[codes.TABLE] + place * WORD_BYTES)
        for k in range(term[codes.WIDTH]):
            target[k] = _f(row[k])
        return True
    y = x / numbers[codes.UNIT]
    if term[codes.FORMULA] == codes.LOGARITHM:
        if y <= 0:
            return False
        y = np.log(y)
    target[0] = _f((y - numbers[codes.OFFSET]) / numbers[codes.SCALE])
    return True


@inner
def encode(head, policy, given, gap, scratch, inputs, factor):
    """Write the condition vector and the factor of one shower.

    Args:
        given: address of the first condition, float64; the others are ``gap`` numbers apart.
        inputs: address of the shower's input vector.
        factor: address of the shower's factor.

    Returns:
        0, or 1 + number of the condition that cannot be sampled.
    """
    values, admitted = doubles_at(given), doubles_at(scratch)
    for k in range(head[codes.CONDITIONS]):
        limit = doubles_at(head[codes.LIMITS] + k * LIMIT_BYTES)
        possible, x = admit(limit, policy, values[k * gap])
        if not possible:
            return k + 1
        admitted[k] = x
    for k in range(head[codes.TERMS] + 1):
        term = integers_at(head[codes.TERM_ROWS] + k * TERM_BYTES)
        numbers = doubles_at(head[codes.TERM_NUMBERS] + k * NUMBER_BYTES)
        place = factor if k == head[codes.TERMS] else inputs + term[codes.COLUMN] * FLOAT_BYTES
        if not write_term(term, numbers, admitted[term[codes.CONDITION]], floats_at(place)):
            return term[codes.CONDITION] + 1
    return 0


@inner
def fill_latents(head, seed, shower, latents, row, inputs):
    """Draw the latents of a shower, or copy those of a caller who brought them."""
    size, numbers = head[codes.LATENTS], floats_at(head[codes.NUMBERS])
    if latents == 0:
        shift, scale = numbers[codes.NOISE_SHIFT], numbers[codes.NOISE_SCALE]
        draw_shower(head[codes.IS_NORMAL] != 0, shift, scale, seed, shower, size, inputs)
        return
    source, target = floats_at(latents + row * size * FLOAT_BYTES), floats_at(inputs)
    for k in range(size):
        target[k] = source[k]


@inner
def fill_inputs(head, seed, shower, policy, latents, rows, given, gap, step, scratch):
    """Write the input vectors and factors of a chunk; arguments as of ``sample_chunk``."""
    network, size = integers_at(head[codes.NETWORK]), head[codes.LATENTS]
    width_bytes = network[HEAD_WIDTH] * FLOAT_BYTES
    first = scratch + head[codes.VALUES_AT] * FLOAT_BYTES
    factors = scratch + head[codes.FACTORS_AT] * FLOAT_BYTES
    encoded = rows if step > 0 else 1  # even without showers the conditions must be right
    for row in range(encoded):
        place, factor = given + row * step * WORD_BYTES, factors + row * FLOAT_BYTES
        status = encode(head, policy, place, gap, scratch, first + row * width_bytes, factor)
        if status != 0:
            return status
    for row in range(rows):
        inputs = first + row * width_bytes
        fill_latents(head, seed, shower + np.uint64(row), latents, row, inputs)
    n_in = network[HEAD_N_IN]
    source = floats_at(first)
    for row in range(encoded, rows):
        target = floats_at(first + row * width_bytes)
        for k in range(size, n_in):
            target[k] = source[k]
    return 0


@inner
def share_out(head, outputs, n_out, rows, factors, n_factors, target, gap):
    """Turn fractions of groups into MeV; ``target`` may be the place of the outputs themselves."""
    cells, groups, numbers = (
        head[codes.CELLS],
        integers_at(head[codes.GROUPS]),
        floats_at(head[codes.NUMBERS]),
    )
    total_scale, threshold = numbers[codes.TOTAL_SCALE], numbers[codes.THRESHOLD]
    for row in range(rows):
        source = floats_at(outputs + row * n_out * FLOAT_BYTES)
        result = floats_at(target + row * gap * FLOAT_BYTES)
        factor = floats_at(factors)[row if n_factors > 1 else 0]
        total = source[cells] * total_scale * factor
        for k in range(cells):
            x = source[k] * (source[cells + 1 + groups[k]] * total)
            result[k] = _f(0) if x < threshold else x


@inner
def sample_chunk(head, seed, shower, policy, latents, rows, given, gap, step, cells, scratch):
    """Sample the showers of one chunk.

    Args:
        head: of the sampling plan.
        shower: number of the first shower.
        policy: what to do with conditions outside the trained range.
        latents: address of (rows, latents) float32, 0 to draw them.
        given: address of the chunk's conditions, float64; two conditions are ``gap`` numbers
            apart, two showers ``step``, which is 0 when they share their conditions.
        cells: address of (rows, cells) float32 for the energies in MeV, 0 to leave them in the scratch,
            ``n_out`` apart.
        scratch: address of the working space.

    Returns:
        0, or 1 + number of the condition that cannot be sampled.
    """
    status = fill_inputs(head, seed, shower, policy, latents, rows, given, gap, step, scratch)
    if status != 0 or rows == 0:
        return status
    network, numbers = integers_at(head[codes.NETWORK]), floats_at(head[codes.NUMBERS])
    n_out, values = network[HEAD_N_OUT], scratch + head[codes.VALUES_AT] * FLOAT_BYTES
    room = values + rows * network[HEAD_WIDTH] * FLOAT_BYTES
    outputs, factors = (
        scratch + head[codes.DENSE_AT] * FLOAT_BYTES,
        scratch + head[codes.FACTORS_AT] * FLOAT_BYTES,
    )
    n_factors = rows if step > 0 else 1
    target = outputs if cells == 0 else cells
    if head[codes.GROUPS] == 0:
        run_chunk(network, values, room, rows, target, factors, n_factors, numbers[codes.THRESHOLD])
        return 0
    one = head[codes.NUMBERS] + ONE_BYTES
    run_chunk(network, values, room, rows, outputs, one, 1, _f(-np.inf))
    gap_of_cells = n_out if cells == 0 else head[codes.CELLS]
    share_out(head, outputs, n_out, rows, factors, n_factors, target, gap_of_cells)
    return 0


@inner
def sample_all(plan, seed, first, policy, latents, n, given, gap, step, out, scratch):
    """Sample n showers into (n, cells); arguments and result as of ``sample_chunk``."""
    head = integers_at(plan)
    chunk = integers_at(head[codes.NETWORK])[HEAD_CHUNK]
    start = 0
    while True:
        rows = min(chunk, n - start)
        own = latents + start * head[codes.LATENTS] * FLOAT_BYTES if latents != 0 else 0
        cells = out + start * head[codes.CELLS] * FLOAT_BYTES
        status = sample_chunk(
            head, seed, np.uint64(first + start), policy, own, rows,
            given + start * step * WORD_BYTES, gap, step, cells, scratch,
        )  # fmt: skip
        start += chunk
        if status != 0 or start >= n:
            return status


@inner
def fits(head, out, axes, shape):
    """Say whether an array takes showers: alignment and shape but the first size."""
    mesh, sizes = integers_at(head[codes.SHAPE]), integers_at(shape)
    if out % FLOAT_BYTES != 0 or axes != head[codes.AXES] + 1:
        return False
    right = True
    for k in range(axes - 1):
        right &= sizes[k + 1] == mesh[k]
    return right


@entry(
    Argument.INTEGER, Argument.UNSIGNED, Argument.INTEGER, Argument.INTEGER, Argument.INTEGER,
    Argument.FLOATS, Argument.REALS,
)  # fmt: skip
def sample(plan, seed, first, policy, scratch, out, axes, shape, given, n_given):
    """Sample showers that share their conditions.

    Args:
        plan: address of the head of the sampling plan.
        scratch: address of the working space; 0 for the stack, where one shower may fit.
        out: (n, *mesh shape) float32.
        given: the conditions in the order of the plan; categories by their position.

    Returns:
        0, 1 + number of the condition that cannot be sampled, -1 for another wrong argument, -2
        when the stack does not do.
    """
    head = integers_at(plan)
    if first < 0 or n_given != head[codes.CONDITIONS] or not fits(head, out, axes, shape):
        return codes.WRONG_CALL
    n, room = integers_at(shape)[0], scratch
    if scratch == 0:
        if n > 1 or head[codes.FITS_STACK] == 0:
            return codes.NEEDS_SCRATCH
        room = stack_room()
    return sample_all(plan, seed, first, policy, 0, n, given, 1, 0, out, room)


@entry(
    Argument.INTEGER, Argument.UNSIGNED, Argument.UNSIGNED, Argument.INTEGER, Argument.INTEGER,
    Argument.INTEGER, Argument.WRITABLE, Argument.READABLE,
)  # fmt: skip
def sample_each(plan, seed, first, policy, latents, scratch, out, out_bytes, given, given_bytes):
    """Sample showers with conditions of their own, (conditions, n) float64; else as ``sample``.

    Args:
        latents: address of (n, latents) float32, 0 to draw them.
        scratch: address of the working space.
        out: (n, cells) float32.
    """
    head = integers_at(plan)
    n = out_bytes // (head[codes.CELLS] * FLOAT_BYTES)
    if n == 0 or given_bytes != n * head[codes.CONDITIONS] * WORD_BYTES:
        return codes.WRONG_CALL
    return sample_all(plan, seed, np.int64(first), policy, latents, n, given, n, 1, out, scratch)


@inner
def append_showers(head, scratch, rows, offsets, indices, energies, room):
    """List the showers of a chunk behind the cells that the first offset counts."""
    n_out = integers_at(head[codes.NETWORK])[HEAD_N_OUT]
    places = integers_at(offsets)
    for row in range(rows):
        shower = scratch + (head[codes.DENSE_AT] + row * n_out) * FLOAT_BYTES
        places[row + 1] = append_cells(
            shower, head[codes.CELLS], indices, energies, places[row], room
        )


@entry(
    Argument.INTEGER, Argument.UNSIGNED, Argument.UNSIGNED, Argument.INTEGER, Argument.INTEGER,
    Argument.READABLE, Argument.WRITABLE, Argument.WRITABLE, Argument.WRITABLE,
)  # fmt: skip
def sample_list(
    plan, seed, first, policy, scratch, given, given_bytes, offsets, offsets_bytes, indices,
    indices_bytes, energies, energies_bytes,
):  # fmt: skip
    """Sample showers as lists of the cells that are not zero.

    Args:
        given: (conditions, n) float64, or (conditions, 1) for all showers.
        offsets: (n + 1,) int64, filled with the first cell of each shower, and the number of all.
        indices: (room,) int32 for positions in the dense shower.
        energies: (room,) float32 for MeV.

    Returns:
        number of cells, which may be more than there was room for; -1 for a wrong argument, or
        -2 - number of the condition that cannot be sampled.
    """
    head = integers_at(plan)
    n, one = offsets_bytes // WORD_BYTES - 1, head[codes.CONDITIONS] * WORD_BYTES
    if n < 0 or (given_bytes != one and given_bytes != n * one):
        return codes.WRONG_CALL
    step, room = 0 if given_bytes == one else 1, min(indices_bytes, energies_bytes) // FLOAT_BYTES
    chunk, places = integers_at(head[codes.NETWORK])[HEAD_CHUNK], integers_at(offsets)
    start, places[0] = 0, 0
    while True:
        rows = min(chunk, n - start)
        status = sample_chunk(
            head, seed, first + np.uint64(start), policy, 0, rows,
            given + start * step * WORD_BYTES, n if step > 0 else 1, step, 0, scratch,
        )  # fmt: skip
        if status != 0:
            return -1 - status
        append_showers(head, scratch, rows, offsets + start * WORD_BYTES, indices, energies, room)
        start += chunk
        if start >= n:
            return places[n]
