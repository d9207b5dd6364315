"""Share the cells of a cylinder over the cells of a readout, needle by needle.

Energies are whole numbers of units, held in float64: their sums are exact in any order, and a
piece of a needle is the difference of two rounded numbers, so nothing is lost or made.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from caloexport.runtime.readout_grid import (
    FIRST,
    HEIGHT,
    N_X,
    N_Y,
    OUTSIDE,
    SHORTEST,
    START,
    UNITS,
    X0,
    X_CELLS_PER_MM,
    X_GAP,
    X_LOW,
    Y0,
    Y_CELLS_PER_MM,
    Y_GAP,
    Y_LOW,
)

#: readout cells that share one mark: where nothing was added is not looked at
MARKED = 64
DEAD_SUM, OUTSIDE_SUM = 0, 1
#: without counting references, which would take most of the time: nothing is allocated
OPTIONS = {"cache": True, "nogil": True, "_nrt": False, "error_model": "numpy"}
#: calls with so many arguments would take longer than what is called
INLINE = OPTIONS | {"inline": "always"}


@numba.njit(**INLINE)
def _add(sums, marks, slot, energy):
    sums[slot] += energy
    marks[slot // MARKED] = 1


@numba.njit(**INLINE)
def _share_along(energy, layer, x, advance, row, grid, height, sums, marks, lost):
    """Share a piece of a needle over the cells of one row along x.

    row: slot of cell ix = 0 · height: slots from one cell to the next
    """
    lengths, counts = grid.lengths, grid.counts
    begin = (x - lengths[layer, X_LOW]) * lengths[layer, X_CELLS_PER_MM]
    way = advance * lengths[layer, X_CELLS_PER_MM]
    low, high = min(begin, begin + way), max(begin, begin + way)
    if high - low < SHORTEST:
        ix = math.floor(begin)
        if ix < 0 or ix >= counts[layer, N_X]:
            lost[OUTSIDE_SUM] += energy
        elif lengths[layer, X_GAP] <= begin - ix < 1 - lengths[layer, X_GAP]:
            _add(sums, marks, row + ix * height, energy)
        else:
            lost[DEAD_SUM] += energy
        return
    ix = math.floor(low)
    if 0 <= ix < counts[layer, N_X] and (
        ix + lengths[layer, X_GAP] <= low and high <= ix + 1 - lengths[layer, X_GAP]
    ):
        _add(sums, marks, row + ix * height, energy)
        return
    rest, per_width = energy, 1 / (high - low)
    for ix in range(math.floor(low), math.floor(high) + 1):
        inside = 0 <= ix < counts[layer, N_X]
        gap = lengths[layer, X_GAP] if inside else 0.0
        first, last = max(low, ix + gap), min(high, ix + 1 - gap)
        if last <= first:
            continue
        part = np.rint(energy * ((last - low) * per_width))
        part -= np.rint(energy * ((first - low) * per_width))
        rest -= part
        if not inside:
            lost[OUTSIDE_SUM] += part
        elif part > 0:
            _add(sums, marks, row + ix * height, part)
    lost[DEAD_SUM] += rest


@numba.njit(**INLINE)
def _share_across(energy, layer, x, advance, y, grid, windows, sums, marks, lost):
    """Share a piece of a needle inside one layer over its cells.

    energy in units · x, advance, y in mm: begin, way along x, and place across
    """
    lengths, counts = grid.lengths, grid.counts
    across = (y - lengths[layer, Y_LOW]) * lengths[layer, Y_CELLS_PER_MM]
    iy = math.floor(across)
    if iy < 0 or iy >= counts[layer, N_Y]:
        lost[OUTSIDE_SUM] += energy
        return
    if not lengths[layer, Y_GAP] <= across - iy < 1 - lengths[layer, Y_GAP]:
        lost[DEAD_SUM] += energy
        return
    height = windows[layer, HEIGHT]
    row = windows[layer, START] - windows[layer, X0] * height + iy - windows[layer, Y0]
    _share_along(energy, layer, x, advance, row, grid, height, sums, marks, lost)


@numba.njit(**INLINE)
def _share_needle(energy, begin, depth, per_depth, x, way, y, segment, grid, windows, sums, marks,
                  lost):  # fmt: skip
    """Share a needle over the layers that it crosses; return the segment where it begins.

    energy in units · begin, x: depth and x of its beginning · depth, way: how far it goes in both ·
    per_depth: 1 / depth
    """
    edges = grid.edges_mm
    while begin < edges[segment]:
        segment -= 1
    while begin >= edges[segment + 1]:
        segment += 1
    here, end = segment, begin + depth
    t, done = 0.0, 0.0
    while True:
        edge = edges[here + 1]
        t_next = 1.0 if end <= edge else (edge - begin) * per_depth
        now = np.rint(energy * t_next)
        if now > done:
            layer = grid.layers[here]
            if layer >= 0:
                _share_across(
                    now - done, layer, x + way * t, way * (t_next - t), y,
                    grid, windows, sums, marks, lost,
                )  # fmt: skip
            else:
                lost[OUTSIDE_SUM if layer == OUTSIDE else DEAD_SUM] += now - done
        if end <= edge:
            return segment
        t, done = t_next, now
        here += 1


@numba.njit(**INLINE)
def _share_cell(energy, ring, sector, layer, dz, needles, direction, entry, grid, windows, sums,
                marks, lost):  # fmt: skip
    """Share one cell. direction: sine, cosine · entry (2,) mm"""
    first, counts, x_mm, y_mm = needles
    sine, cosine = direction
    n, depth = counts[ring], dz * sine
    per_depth = 1 / depth
    each = np.rint(energy / n * UNITS)
    place = first[ring] + sector * n
    z = layer * dz
    segment = 0
    for k in range(place, place + n):
        begin = x_mm[k] * cosine + z * sine
        x = entry[0] - x_mm[k] * sine + z * cosine
        segment = _share_needle(
            each, begin, depth, per_depth, x, dz * cosine, entry[1] - y_mm[k], segment,
            grid, windows, sums, marks, lost,
        )  # fmt: skip


@numba.njit(**OPTIONS)
def share_cells(cells, energies, sizes, strides, dz, needles, direction, entry, grid, windows,
                sums, marks, lost):  # fmt: skip
    """Share the cells of one shower.

    cells, energies (k,): flat index and MeV · sizes, strides (3,): of r, phi, z ·
    needles: first, counts, x_mm, y_mm · sums (of all windows,), marks, lost (2,): added to
    """
    for i in range(len(cells)):
        cell = cells[i]
        _share_cell(
            np.float64(energies[i]),
            cell // strides[0] % sizes[0], cell // strides[1] % sizes[1],
            cell // strides[2] % sizes[2],
            dz, needles, direction, entry, grid, windows, sums, marks, lost,
        )  # fmt: skip


@numba.njit(**OPTIONS)
def list_hits(grid, windows, sums, marks, cells, energies):
    """List the cells of the windows that are not empty, and empty them; return how many."""
    count, layer = 0, 0
    for mark in range(len(marks)):
        if not marks[mark]:
            continue
        marks[mark] = 0
        for slot in range(mark * MARKED, min((mark + 1) * MARKED, len(sums))):
            if sums[slot] == 0:
                continue
            while slot >= windows[layer + 1, START]:
                layer += 1
            window = windows[layer]
            ix = (slot - window[START]) // window[HEIGHT] + window[X0]
            iy = (slot - window[START]) % window[HEIGHT] + window[Y0]
            cells[count] = grid.counts[layer, FIRST] + ix * grid.counts[layer, N_Y] + iy
            energies[count] = sums[slot] / UNITS
            sums[slot] = 0.0
            count += 1
    return count
