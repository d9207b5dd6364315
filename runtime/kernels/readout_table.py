"""Tables of shares: where each cell of a mesh goes, found once and used for every shower."""

from __future__ import annotations

import numba

from caloexport.runtime.kernels.readout import (
    DEAD_SUM,
    MARKED,
    OPTIONS,
    OUTSIDE_SUM,
    list_hits,
    share_cells,
)
from caloexport.runtime.readout_grid import UNITS


@numba.njit(**OPTIONS)
def fill_table(start, ones, room, numbers, sizes, strides, dz, needles, direction, entry, grid,
               windows, sums, marks, lost, first, cells, shares, lost_shares):  # fmt: skip
    """Share each cell by itself, from cell ``start`` on; return the first that finds no room.

    ones, numbers (n_cells,): 1 MeV, flat index · room: entries that a cell may need ·
    first (n_cells + 1,), cells, shares (entries,), lost_shares (n_cells, 2): filled
    """
    for cell in range(start, len(numbers)):
        begin = first[cell]
        if begin + room > len(cells):
            return cell
        lost[DEAD_SUM], lost[OUTSIDE_SUM] = 0.0, 0.0
        share_cells(
            numbers[cell : cell + 1], ones[cell : cell + 1], sizes, strides, dz, needles,
            direction, entry, grid, windows, sums, marks, lost,
        )  # fmt: skip
        lost_shares[cell, DEAD_SUM] = lost[DEAD_SUM] / UNITS
        lost_shares[cell, OUTSIDE_SUM] = lost[OUTSIDE_SUM] / UNITS
        count = list_hits(grid, windows, sums, marks, cells[begin:], shares[begin:])
        first[cell + 1] = begin + count
    return len(numbers)


@numba.njit(**OPTIONS)
def share_by_table(cells, energies, first, columns, shares, lost_shares, sums, marks, lost):
    """Add the shares of one shower's cells. columns, shares (entries,) · lost (2,) MeV"""
    for i in range(len(cells)):
        cell, energy = cells[i], float(energies[i])
        lost[DEAD_SUM] += energy * lost_shares[cell, DEAD_SUM]
        lost[OUTSIDE_SUM] += energy * lost_shares[cell, OUTSIDE_SUM]
        for k in range(first[cell], first[cell + 1]):
            sums[columns[k]] += energy * shares[k]
            marks[columns[k] // MARKED] = 1


@numba.njit(**OPTIONS)
def list_columns(sums, marks, numbers, cells, energies):
    """List the columns that are not empty, and empty them; return how many. numbers: of columns"""
    count = 0
    for mark in range(len(marks)):
        if not marks[mark]:
            continue
        marks[mark] = 0
        for column in range(mark * MARKED, min((mark + 1) * MARKED, len(sums))):
            if sums[column] != 0:
                cells[count], energies[count] = numbers[column], sums[column]
                sums[column] = 0.0
                count += 1
    return count
