"""Sharing for one direction and place: where each cell goes is found once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.backends import backends
from caloexport.runtime.cell_list import CellList
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.readout_grid import START, X_CELLS_PER_MM
from caloexport.runtime.sharing import Placed, ReadoutHits, Sharing, share_each


class SharingTable:
    """The shares of all cells of a mesh, for showers with one direction and one entry.

    Hits are those of :meth:`Sharing.share` up to the rounding of their energies, several times
    faster; making the table costs as much as sharing some dozen showers. Takes numba.

    Args:
        sharing: mesh and readout.
        theta_rad: polar angle.
        entry_mm: (x, y) where particles enter the front face.

    Raises:
        UsageError: as of :meth:`Sharing.share`.
        MissingDependency: numba is not installed.
    """

    def __init__(
        self, sharing: Sharing, theta_rad: float, entry_mm: Sequence[float] = (0.0, 0.0)
    ) -> None:
        backends["numba"].require()
        self.sharing = sharing
        placed = sharing.placed(theta_rad, entry_mm)
        self._first, cells, self._shares, self._lost_shares = _table(sharing, placed)
        self._numbers, columns = np.unique(cells, return_inverse=True)
        self._columns = columns.astype(np.int32)

    def share(self, showers: Float32 | CellList) -> ReadoutHits:
        """Share showers (n, *mesh shape) float32 in MeV, or the list of their cells."""
        from caloexport.runtime.kernels.readout import MARKED

        sums = np.zeros(len(self._numbers))
        marks = np.zeros(len(sums) // MARKED + 1, dtype=np.uint8)

        def one(
            number: int, cells: Array, energies: Float32, lost: Float64
        ) -> tuple[Integers, Float32]:
            return self._one(cells, energies, lost, sums, marks)

        return share_each(self.sharing.listed(showers), one)

    def _one(
        self, cells: Array, energies: Float32, lost: Float64, sums: Float64, marks: Array
    ) -> tuple[Integers, Float32]:
        from caloexport.runtime.kernels.readout import MARKED
        from caloexport.runtime.kernels.readout_table import list_columns, share_by_table

        share_by_table(
            cells, energies, self._first, self._columns, self._shares, self._lost_shares,
            sums, marks, lost,
        )  # fmt: skip
        room = int(np.count_nonzero(marks)) * MARKED
        hits, hit_energies = np.empty(room, np.int64), np.empty(room, np.float32)
        count = list_columns(sums, marks, self._numbers, hits, hit_energies)
        return hits[:count], hit_energies[:count]


def _table(sharing: Sharing, placed: Placed) -> tuple[Integers, Integers, Float64, Float64]:
    """Return first entry of each cell, and for each entry the readout cell and its share."""
    from caloexport.runtime.kernels.readout import MARKED
    from caloexport.runtime.kernels.readout_table import fill_table

    n, windows, needles = n_cells(sharing.mesh), placed.windows, sharing.needles
    sizes, strides = sharing.axes()
    sums = np.zeros(windows[-1, START])
    marks = np.zeros(len(sums) // MARKED + 1, dtype=np.uint8)
    first, lost_shares = np.zeros(n + 1, np.int64), np.zeros((n, 2))
    room = _room(sharing)
    cells, shares = np.empty(8 * n + room, np.int64), np.empty(8 * n + room)
    start = 0
    while True:
        start = fill_table(
            start, np.ones(n, np.float32), room, np.arange(n, dtype=np.int32), sizes, strides,
            sharing.mesh.dz_mm,
            (needles.first, needles.counts, needles.x_mm, needles.y_mm),
            placed.direction, placed.entry_mm, sharing.grid, windows, sums, marks, np.zeros(2),
            first, cells, shares, lost_shares,
        )  # fmt: skip
        if start == n:
            return first, cells[: first[n]].copy(), shares[: first[n]].copy(), lost_shares
        cells, shares = np.resize(cells, 2 * len(cells)), np.resize(shares, 2 * len(shares))


def _room(sharing: Sharing) -> int:
    """Return how many readout cells the needles of one cell can cross at most."""
    dz_mm = sharing.mesh.dz_mm or 0.0
    along = dz_mm * float(sharing.grid.lengths[:, X_CELLS_PER_MM].max())
    depths = dz_mm / min(end - begin for begin, end in (x.depth_mm for x in sharing.readout.layers))
    return int(sharing.needles.counts.max()) * (math.ceil(along) + math.ceil(depths) + 3)
