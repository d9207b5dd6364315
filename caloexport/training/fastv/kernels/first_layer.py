"""The encoder's first layer: it reads few cells of a shower, and learns from the same few.

The conditions are rows of its kernel like cells, and hits like theirs.
"""

from __future__ import annotations

from collections import namedtuple

from caloexport.runtime.kernels.emit import FLOAT_BYTES, LANES, VECTOR_BYTES
from caloexport.training.fastv.kernels.compiled import entry, inner
from caloexport.training.fastv.kernels.elementwise import (
    HIT_VECTORS,
    adam,
    add_scaled,
    expect,
    sum_of_hits,
)
from caloexport.training.fastv.kernels.memory import aligned

#: rows by which memory is asked for what will be read
AHEAD = 16
#: rows that are learned together: enough that memory is read in long runs
GROUP = 256
#: numbers of a row that are summed together
BLOCK = HIT_VECTORS * LANES

#: memory of one thread: a row, and the gradient of a group with a copy of weights and moments
Work = namedtuple("Work", "row gradient weights first second")


@entry
def sort_by_cell(cells, offsets, fractions, conditions, starts, showers, sorted_fractions):
    """Sort hits of showers by cell, and by shower within a cell; conditions are further cells.

    cells, fractions (hits,) of all showers, one after the other · offsets (batch + 1,)
    conditions (batch, width) · starts (cells + width + 1,), showers, sorted_fractions: results
    """
    batch, width = conditions.shape
    n_cells = starts.size - 1 - width
    starts[:] = 0
    for hit in range(cells.size):
        starts[cells[hit] + 1] += 1
    starts[n_cells + 1 :] = batch
    for cell in range(n_cells + width):
        starts[cell + 1] += starts[cell]
    for b in range(batch):
        for hit in range(offsets[b], offsets[b + 1]):
            place = starts[cells[hit]]
            starts[cells[hit]] += 1
            showers[place] = b
            sorted_fractions[place] = fractions[hit]
        for column in range(width):
            place = starts[n_cells + column]
            starts[n_cells + column] += 1
            showers[place] = b
            sorted_fractions[place] = conditions[b, column]
    for cell in range(n_cells + width, 0, -1):
        starts[cell] = starts[cell - 1]
    starts[0] = 0


def padded(width: int) -> int:
    """Return a width in whole blocks.

    >>> padded(100)
    112
    """
    return -(-width // BLOCK) * BLOCK


def workspace(width: int) -> Work:
    """Return the memory that one thread needs for rows of a width: see ``Work``."""
    room = GROUP * width + BLOCK
    return Work(aligned(padded(width)), *(aligned(room) for _ in range(4)))


@entry
def read_cells(chunk, chunks, kernel, hits, work, out):
    """Multiply the hits of a chunk of the rows of a kernel (rows, width).

    out (chunks, batch, padded width): takes what they add to the layer's output; padding is left
    with numbers without meaning
    """
    rows, width = kernel.shape
    vectors = out.shape[2] // LANES
    mine = out[chunk]
    mine[:] = 0
    sums, step = mine.ctypes.data, out.shape[2] * FLOAT_BYTES
    starts, showers, fractions = hits.starts, hits.showers, hits.fractions
    for row in range(chunk * rows // chunks, (chunk + 1) * rows // chunks):
        weights = kernel.ctypes.data + row * width * FLOAT_BYTES
        for line in range(0, width * FLOAT_BYTES, VECTOR_BYTES):
            expect(weights + AHEAD * width * FLOAT_BYTES + line)
        if row == rows - 1:  # whole vectors reach beyond the end
            for k in range(width):
                work.row[k] = kernel[row, k]
            weights = work.row.ctypes.data
        for hit in range(starts[row], starts[row + 1]):
            _add_row(sums + showers[hit] * step, fractions[hit], weights, vectors)


@entry
def learn_rows(chunk, chunks, kernel, first, second, hits, back, rate, work):
    """Do an update of a chunk of the rows, by groups, with Adam.

    kernel, first, second (rows, width): weights and moments · rate: of Adam
    back (batch, padded width): gradient of the layer's output
    """
    rows, width = kernel.shape
    groups = -(-rows // GROUP)
    for group in range(chunk * groups // chunks, (chunk + 1) * groups // chunks):
        begin = group * GROUP
        count = min(GROUP, rows - begin)
        _find_gradient(hits, begin, count, width, back, work)
        at, gradient = begin * width * FLOAT_BYTES, work.gradient.ctypes.data
        w, m, v = kernel.ctypes.data + at, first.ctypes.data + at, second.ctypes.data + at
        if count == GROUP:
            _adam_rows(w, m, v, gradient, GROUP // LANES * width, rate)
        else:  # whole vectors reach beyond the end, so they are of a copy
            _copy(kernel, first, second, begin, count, work, back=False)
            w, m, v = work.weights.ctypes.data, work.first.ctypes.data, work.second.ctypes.data
            _adam_rows(w, m, v, gradient, GROUP // LANES * width, rate)
            _copy(kernel, first, second, begin, count, work, back=True)


@inner
def _copy(kernel, first, second, begin, count, work, back):
    """Copy some rows to the memory of a thread, or back."""
    width = kernel.shape[1]
    for i in range(count):
        for k in range(width):
            row, at = begin + i, i * width + k
            if back:
                kernel[row, k] = work.weights[at]
                first[row, k] = work.first[at]
                second[row, k] = work.second[at]
            else:
                work.weights[at] = kernel[row, k]
                work.first[at] = first[row, k]
                work.second[at] = second[row, k]


@inner
def _find_gradient(hits, begin, count, width, back, work):
    """Write the gradient of some rows, one after the other without gaps."""
    showers, fractions = hits.showers.ctypes.data, hits.fractions.ctypes.data
    step = back.shape[1] * FLOAT_BYTES
    for i in range(count):
        first, last = hits.starts[begin + i], hits.starts[begin + i + 1]
        out = work.gradient.ctypes.data + i * width * FLOAT_BYTES
        # what is beyond the row stands where the next one comes
        for at in range(0, step, HIT_VECTORS * VECTOR_BYTES):
            sum_of_hits(first, last, showers, fractions, back.ctypes.data + at, step, out + at)


@inner
def _add_row(sums, factor, terms, vectors):
    for vector in range(vectors):
        at = vector * VECTOR_BYTES
        add_scaled(sums + at, factor, terms + at)


@inner
def _adam_rows(weights, first, second, gradients, vectors, rate):
    for vector in range(vectors):
        at = vector * VECTOR_BYTES
        adam(weights + at, first + at, second + at, gradients + at, rate)
