"""The decoder's last layer: product, sigmoid, gradients and Adam, tile by tile.

There are two passes, as the loss has a term of the sum of all cells. In the second a tile of cells
stays in the cache from its gradient to its new weights. The layer's kernel has two parts: one that
stays as it is, and one that is trained; each has inputs of its own. A training of all weights has
an empty first part, one of few weights the whole kernel there.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from caloexport.runtime.kernels.emit import FLOAT_BYTES, LANES, VECTOR_BYTES
from caloexport.training.fastv.kernels.compiled import entry, inner
from caloexport.training.fastv.kernels.elementwise import (
    adam,
    add_softplus,
    expect,
    to_gradient,
    to_sigmoid,
)
from caloexport.training.fastv.kernels.memory import aligned
from caloexport.training.fastv.kernels.products import (
    COLUMNS,
    ROWS,
    add_inner,
    add_outer,
    total_of,
)

#: cells of a tile: of 100 weights each, with their moments, about half of a megabyte
TILE = 8 * COLUMNS
#: logit of the cells that a last tile is filled up with: none is ever hit
NEVER = np.float32(-200.0)

#: weights (rows, cells) and biases (cells,), with their moments of Adam
Layer = namedtuple("Layer", "frozen trained first second bias bias_first bias_second")
#: by cell: where its hits begin (cells + 1,); of every hit the shower, and the fraction of E_inc
Hits = namedtuple("Hits", "starts showers fractions")
#: memory of one thread: see ``workspace``
Work = namedtuple("Work", "sums lanes block ones last")


def workspace(padded: int, n_frozen: int, n_trained: int) -> Work:
    """Return the memory that one thread needs for batches padded to so many rows."""
    kernels = (aligned(n, TILE) for n in (n_frozen, *[n_trained] * 3))
    biases = (aligned(TILE) for _ in range(3))
    ones = aligned(padded)
    ones[:] = 1
    return Work(
        aligned(padded * (n_frozen + n_trained), LANES),
        aligned(padded, LANES),
        aligned(ROWS, COLUMNS),
        ones,
        Layer(*kernels, *biases),
    )


def tiles_of(cells: int) -> int:
    """Return into how many tiles cells are cut.

    >>> tiles_of(TILE + 1)
    2
    """
    return -(-cells // TILE)


@entry
def make_cells(chunk, chunks, inputs, batch, layer, hits, with_loss, work, made, excess, entropy):
    """Make the cells of a chunk of the tiles.

    inputs (padded batch, frozen + trained): rows beyond ``batch`` are zero
    made (tiles, padded batch, TILE): takes the fractions · excess (chunks, padded batch): takes
    their sums less the true ones · entropy (chunks,): takes the cross-entropy, if asked for
    """
    tiles = len(made)
    work.lanes[:] = 0
    entropy[chunk] = 0
    excess[chunk] = 0
    for tile in range(chunk * tiles // chunks, (chunk + 1) * tiles // chunks):
        begin = tile * TILE
        count = min(TILE, layer.bias.size - begin)
        starts = hits.starts[begin : begin + count + 1]
        here = Hits(starts, hits.showers, hits.fractions)
        of, at, whole = layer, begin, count
        if count < TILE:  # whole blocks reach beyond the end, so they are of a copy
            _copy_in(layer, begin, count, work.last)
            of, at, whole = work.last, begin - begin, -(-count // COLUMNS) * COLUMNS
        _find_logits(of, at, whole, inputs, made[tile])
        if with_loss:
            entropy[chunk] += _cross_entropy(work.block[0], batch, whole, here, made[tile])
        _to_fractions(batch, whole, work.lanes, made[tile])
        for hit in range(starts[0], starts[count]):
            excess[chunk, hits.showers[hit]] -= hits.fractions[hit]
    for b in range(batch):
        for lane in range(LANES):
            excess[chunk, b] += work.lanes[b, lane]


@entry
def learn_cells(chunk, chunks, inputs, batch, slopes, layer, hits, rate, work, made, back, totals):
    """Do an update of a chunk of the tiles, of cells that were made.

    slopes (batch,): of the loss in every shower's sum of all cells · rate: of Adam
    made (tiles, padded batch, TILE): the fractions; takes their gradient
    back (chunks, padded batch, frozen + trained): takes the gradient of the inputs
    totals (chunks,): takes the sum of the bias' gradient
    """
    tiles = len(made)
    work.sums[:] = 0
    totals[chunk] = 0
    for tile in range(chunk * tiles // chunks, (chunk + 1) * tiles // chunks):
        begin = tile * TILE
        count = min(TILE, layer.bias.size - begin)
        starts = hits.starts[begin : begin + count + 1]
        here = Hits(starts, hits.showers, hits.fractions)
        of, at, whole = layer, begin, count
        if count < TILE:
            _copy_in(layer, begin, count, work.last)
            of, at, whole = work.last, begin - begin, -(-count // COLUMNS) * COLUMNS
        _take_gradient(batch, whole, slopes, here, made[tile])
        _add_back(of, at, whole, made[tile], work)
        _learn_kernel(of, at, whole, inputs, batch, rate, made[tile], work)
        totals[chunk] += _learn_bias(of, at, whole, batch, rate, made[tile], work)
        if count < TILE:
            _copy_back(layer, begin, count, work.last)
    _sum_up(work.sums, layer.frozen.shape[0], back[chunk])


@inner
def _find_logits(layer, begin, whole, inputs, logits):
    padded, width = inputs.shape
    n_frozen = layer.frozen.shape[0]
    cells = layer.bias.size
    source, target = inputs.ctypes.data, logits.ctypes.data
    frozen, trained = layer.frozen.ctypes.data, layer.trained.ctypes.data
    for b in range(padded):
        for cell in range(whole):  # numba compiles loops in a tenth of the time of slices
            logits[b, cell] = layer.bias[begin + cell]
    for column in range(0, whole, COLUMNS):
        at = (begin + column) * FLOAT_BYTES
        to = target + column * FLOAT_BYTES
        add_outer(source, width, 1, padded, frozen + at, cells, n_frozen, to, TILE)
        later = source + n_frozen * FLOAT_BYTES
        add_outer(later, width, 1, padded, trained + at, cells, width - n_frozen, to, TILE)


@inner
def _cross_entropy(lanes, batch, whole, hits, logits):
    """Return Σ ln(1 + e^logit) - x logit over batch and cells."""
    lanes[:] = 0
    for b in range(batch):
        row = logits[b].ctypes.data
        for vector in range(0, whole, LANES):
            add_softplus(row + vector * FLOAT_BYTES, lanes.ctypes.data)
    total = 0.0
    for lane in range(LANES):
        total += lanes[lane]
    for cell in range(hits.starts.size - 1):
        for hit in range(hits.starts[cell], hits.starts[cell + 1]):
            total -= hits.fractions[hit] * logits[hits.showers[hit], cell]
    return total


@inner
def _to_fractions(batch, whole, lanes, made):
    """Put fractions in the place of logits, and zero into padding; add them to lanes by shower."""
    for b in range(batch):
        row, sums = made[b].ctypes.data, lanes[b].ctypes.data
        for vector in range(0, whole, LANES):
            to_sigmoid(row + vector * FLOAT_BYTES, sums)
    made[batch:] = 0


@inner
def _take_gradient(batch, whole, slopes, hits, made):
    """Put the gradient of the loss at the logits in the place of fractions."""
    share = np.float32(1.0) / np.float32(batch)
    for b in range(batch):
        row = made[b].ctypes.data
        for vector in range(0, whole, LANES):
            to_gradient(row + vector * FLOAT_BYTES, slopes[b], share)
    for cell in range(hits.starts.size - 1):
        for hit in range(hits.starts[cell], hits.starts[cell + 1]):
            made[hits.showers[hit], cell] -= hits.fractions[hit] * share


@inner
def _add_back(layer, begin, whole, gradient, work):
    """Add the gradient of the inputs, of which the two parts stand one after the other."""
    padded = gradient.shape[0]
    n_frozen, cells = layer.frozen.shape
    source, skip = gradient.ctypes.data, begin * FLOAT_BYTES
    sums, later = work.sums.ctypes.data, padded * n_frozen * VECTOR_BYTES
    vectors = whole // LANES
    at = layer.frozen.ctypes.data + skip
    add_inner(source, TILE, padded, at, cells, n_frozen, vectors, sums)
    at = layer.trained.ctypes.data + skip
    add_inner(source, TILE, padded, at, cells, layer.trained.shape[0], vectors, sums + later)


@inner
def _learn_kernel(layer, begin, whole, inputs, batch, rate, gradient, work):
    width = inputs.shape[1]
    n_trained, cells = layer.trained.shape
    source = inputs.ctypes.data + (width - n_trained) * FLOAT_BYTES
    gradients, block, step = gradient.ctypes.data, work.block.ctypes.data, cells * FLOAT_BYTES
    trained, first, second = layer.trained, layer.first, layer.second
    w, m, v = trained.ctypes.data, first.ctypes.data, second.ctypes.data
    for k in range(0, n_trained, ROWS):
        rows = min(ROWS, n_trained - k)
        left = source + k * FLOAT_BYTES
        for column in range(0, whole, COLUMNS):
            at = (k * cells + begin + column) * FLOAT_BYTES
            # what the next block needs, fetched while this one is multiplied
            ahead = at + COLUMNS * FLOAT_BYTES
            if column + COLUMNS >= whole:
                ahead = ((k + ROWS) * cells + begin) * FLOAT_BYTES
            for i in range(rows):
                for line in range(0, COLUMNS * FLOAT_BYTES, VECTOR_BYTES):
                    expect(m + ahead + i * step + line)
                    expect(v + ahead + i * step + line)
            work.block[:] = 0
            of = gradients + column * FLOAT_BYTES
            add_outer(left, 1, width, rows, of, TILE, batch, block, COLUMNS)
            for i in range(rows):
                here, row = at + i * step, block + i * COLUMNS * FLOAT_BYTES
                _adam_row(w + here, m + here, v + here, row, rate)


@inner
def _learn_bias(layer, begin, whole, batch, rate, gradient, work):
    """Move the bias; return the sum of its gradient."""
    total = 0.0
    gradients, block = gradient.ctypes.data, work.block.ctypes.data
    first, second = layer.bias_first.ctypes.data, layer.bias_second.ctypes.data
    for column in range(0, whole, COLUMNS):
        of = gradients + column * FLOAT_BYTES
        work.block[0] = 0
        add_outer(work.ones.ctypes.data, 0, 1, 1, of, TILE, batch, block, COLUMNS)
        for j in range(COLUMNS):
            total += work.block[0, j]
        at = (begin + column) * FLOAT_BYTES
        _adam_row(layer.bias.ctypes.data + at, first + at, second + at, block, rate)
    return total


@inner
def _adam_row(weights, first, second, gradients, rate):
    for vector in range(0, COLUMNS, LANES):
        at = vector * FLOAT_BYTES
        adam(weights + at, first + at, second + at, gradients + at, rate)


@inner
def _copy_in(layer, begin, count, last):
    """Copy the last cells; what they are filled up with is never hit and never copied back."""
    # what an earlier update left in the filling could be a NaN, which zero times stays
    for rest in (last.frozen, last.trained, last.first, last.second):
        rest[:] = 0
    last.bias[:] = NEVER
    last.bias_first[:] = 0
    last.bias_second[:] = 0
    for k in range(layer.frozen.shape[0]):
        for cell in range(count):
            last.frozen[k, cell] = layer.frozen[k, begin + cell]
    _copy_trained(layer, begin, last, 0, count)


@inner
def _copy_back(layer, begin, count, last):
    _copy_trained(last, 0, layer, begin, count)


@inner
def _copy_trained(source, begin, target, at, count):
    """Copy what an update moves, of cells from ``begin`` on to those from ``at`` on."""
    for i in range(count):
        one, other = begin + i, at + i
        for k in range(source.trained.shape[0]):
            target.trained[k, other] = source.trained[k, one]
            target.first[k, other] = source.first[k, one]
            target.second[k, other] = source.second[k, one]
        target.bias[other] = source.bias[one]
        target.bias_first[other] = source.bias_first[one]
        target.bias_second[other] = source.bias_second[one]


@inner
def _sum_up(sums, n_frozen, back):
    """Write the gradient of the inputs (padded batch, frozen + trained)."""
    padded, width = back.shape
    n_trained = width - n_frozen
    later = sums[padded * n_frozen :]
    for b in range(padded):
        for k in range(n_frozen):
            back[b, k] = total_of(sums, b, k, n_frozen)
        for k in range(n_trained):
            back[b, n_frozen + k] = total_of(later, b, k, n_trained)
