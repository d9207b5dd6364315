"""Sharing in numpy: what compiled code is compared with, and what works without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.readout_grid import (
    FIRST,
    N_X,
    N_Y,
    OUTSIDE,
    SHORTEST,
    UNITS,
    X_CELLS_PER_MM,
    X_GAP,
    X_LOW,
    Y_CELLS_PER_MM,
    Y_GAP,
    Y_LOW,
)

if TYPE_CHECKING:
    from caloexport.runtime.readout_grid import Grid
    from caloexport.runtime.sharing import Placed, Sharing


def share_by_numpy(
    sharing: Sharing, cells: Array, energies: Float32, placed: Placed, lost: Float64
) -> tuple[Integers, Float32]:
    """Share one shower.

    Args:
        sharing: mesh and readout.
        cells, energies: (k,) flat index and MeV.
        placed: the mesh in the detector.
        lost: (2,) MeV in dead places and outside, filled.

    Returns:
        (hits,) numbers of cells and MeV.
    """
    tally = Tally(sharing.grid)
    for piece in _depth_pieces(sharing, cells, energies, placed):
        tally.add(*piece)
    lost[:] = tally.dead / UNITS, tally.outside / UNITS
    return tally.hits()


def _depth_pieces(
    sharing: Sharing, cells: Array, energies: Float32, placed: Placed
) -> list[tuple[Integers, Float64, Float64, Float64, Float64]]:
    """Cut all needles at the edges of layers: layer, units, x, way along x and y of each piece."""
    sizes, strides = sharing.axes()
    ring, sector, z = (cells // strides[i] % sizes[i] for i in range(3))
    n = sharing.needles.counts[ring]
    owner = np.repeat(np.arange(len(cells)), n)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    needle = (sharing.needles.first[ring] + sector * n)[owner] + number
    each = np.rint(energies.astype(np.float64) / n * UNITS)[owner]
    (sine, cosine), (entry_x, entry_y) = placed.direction, placed.entry_mm
    dz = float(sharing.mesh.dz_mm or 0)
    x_mm, low = sharing.needles.x_mm[needle], (z * dz)[owner]
    begin = x_mm * cosine + low * sine
    x = entry_x - x_mm * sine + low * cosine
    y = entry_y - sharing.needles.y_mm[needle]
    edges, depth, way = sharing.grid.edges_mm, dz * sine, dz * cosine
    here = np.searchsorted(edges, begin, side="right") - 1
    end, t, done, pieces = begin + depth, np.zeros(len(x)), np.zeros(len(x)), []
    while len(here):
        last = end <= edges[here + 1]
        t_next = np.where(last, 1.0, (edges[here + 1] - begin) * (1 / depth))
        now = np.rint(each * t_next)
        layers = sharing.grid.layers[here]
        pieces.append((layers, now - done, x + way * t, way * (t_next - t), y))
        t, done = t_next[~last], now[~last]
        here = here[~last] + 1
        each, begin, x, y, end = (a[~last] for a in (each, begin, x, y, end))
    return pieces


class Tally:
    """Sums of pieces, in units.

    Args:
        grid: of the readout.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.dead = self.outside = 0.0
        self._cells: list[Integers] = []
        self._units: list[Float64] = []

    def add(self, layer: Integers, units: Float64, x: Float64, way: Float64, y: Float64) -> None:
        """Add pieces (k,) that lie in one segment of the depth each."""
        self.outside += float(units[layer == OUTSIDE].sum())
        self.dead += float(units[(layer < 0) & (layer != OUTSIDE)].sum())
        inside = layer >= 0
        layer = layer[inside]
        units, x, way, y = (a[inside] for a in (units, x, way, y))
        lengths, counts = self.grid.lengths[layer], self.grid.counts[layer]
        across = (y - lengths[:, Y_LOW]) * lengths[:, Y_CELLS_PER_MM]
        iy = np.floor(across)
        beside = (iy < 0) | (iy >= counts[:, N_Y])
        sensitive = _in_cell(across - iy, lengths[:, Y_GAP])
        self.outside += float(units[beside].sum())
        self.dead += float(units[~beside & ~sensitive].sum())
        kept = ~beside & sensitive
        self._along(
            units[kept], x[kept], way[kept], lengths[kept], counts[kept], iy[kept].astype(np.int64)
        )

    def _along(
        self, units: Float64, x: Float64, way: Float64, lengths: Float64, counts: Integers,
        iy: Integers,
    ) -> None:  # fmt: skip
        """Share pieces over cells along x."""
        begin = (x - lengths[:, X_LOW]) * lengths[:, X_CELLS_PER_MM]
        way = way * lengths[:, X_CELLS_PER_MM]
        low, high = np.minimum(begin, begin + way), np.maximum(begin, begin + way)
        short = high - low < SHORTEST
        ix = np.floor(begin).astype(np.int64)
        beside = (ix < 0) | (ix >= counts[:, N_X])
        sensitive = _in_cell(begin - ix, lengths[:, X_GAP])
        self.outside += float(units[short & beside].sum())
        self.dead += float(units[short & ~beside & ~sensitive].sum())
        self._hit(short & ~beside & sensitive, units, ix, iy, counts)
        rest = np.where(short, 0.0, units)
        per_width = 1 / np.where(short, 1.0, high - low)
        ix = np.floor(low).astype(np.int64)
        while (todo := ~short & (ix <= np.floor(high))).any():
            inside = (ix >= 0) & (ix < counts[:, N_X])
            gap = np.where(inside, lengths[:, X_GAP], 0.0)
            first, last = np.maximum(low, ix + gap), np.minimum(high, ix + 1 - gap)
            part = np.rint(units * ((last - low) * per_width))
            part -= np.rint(units * ((first - low) * per_width))
            part = np.where(todo & (last > first), part, 0.0)
            rest -= part
            self.outside += float(part[~inside].sum())
            self._hit(inside & (part > 0), part, ix, iy, counts)
            ix = ix + 1
        self.dead += float(rest.sum())

    def _hit(
        self, kept: Array, units: Float64, ix: Integers, iy: Integers, counts: Integers
    ) -> None:
        number = counts[:, FIRST] + ix * counts[:, N_Y] + iy
        self._cells.append(number[kept])
        self._units.append(units[kept])

    def hits(self) -> tuple[Integers, Float32]:
        """Return cells that are not empty, ascending, and their MeV."""
        if not self._cells:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        cells, place = np.unique(np.concatenate(self._cells), return_inverse=True)
        sums = np.bincount(place, np.concatenate(self._units), minlength=len(cells))
        kept = sums != 0
        return cells[kept], (sums[kept] / UNITS).astype(np.float32)


def _in_cell(fraction: Float64, gap: Float64) -> Array:
    """Say whether places inside cells, as a fraction of them, are sensitive."""
    return np.asarray((gap <= fraction) & (fraction < 1 - gap))
