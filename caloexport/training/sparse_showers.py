"""Training showers in memory: the cells that hold energy only, as fractions of E_inc.

An electron leaves energy in a tenth of the cells, so this takes a seventh of the dense float32
array.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers


@dataclass(frozen=True)
class SparseShowers:
    """Showers as rows of (cell, fraction of the incident energy).

    Attributes:
        n_cells: cells of the mesh.
        offsets: (n + 1,) where each shower's entries begin.
        cells: flat cell numbers, smallest unsigned integer that holds them.
        fractions: E_cell/E_inc of these cells, float32.
    """

    n_cells: int
    offsets: Integers
    cells: Integers
    fractions: Float32

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.offsets.nbytes + self.cells.nbytes + self.fractions.nbytes

    def entries(self, shower: int) -> tuple[Integers, Float32]:
        """Return cells and fractions of one shower."""
        part = slice(self.offsets[shower], self.offsets[shower + 1])
        return self.cells[part], self.fractions[part]

    def dense(self, showers: Integers) -> Float32:
        """Return some showers as (k, n_cells) float32 fractions.

        >>> dense = np.array([[0, 0.5, 0], [0.25, 0, 0.5]], dtype=np.float32)
        >>> from_dense(dense).dense(np.array([1, 1])).tolist()
        [[0.25, 0.0, 0.5], [0.25, 0.0, 0.5]]
        """
        out = np.zeros((len(showers), self.n_cells), dtype=np.float32)
        for row, shower in zip(out, showers, strict=True):
            cells, fractions = self.entries(shower)
            row[cells] = fractions
        return out

    def sums(self) -> Float64:
        """Return ΣE/E_inc of every shower, (n,)."""
        shower = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        return np.bincount(shower, self.fractions, len(self)).astype(np.float64)

    def mean(self, showers: Integers) -> Float32:
        """Return the mean fraction of each cell, (n_cells,) float32."""
        sums = np.zeros(self.n_cells)
        for shower in showers:
            cells, fractions = self.entries(shower)
            sums[cells] += fractions
        return (sums / max(len(showers), 1)).astype(np.float32)


def from_dense(fractions: Array) -> SparseShowers:
    """Make sparse showers of (n, n_cells) fractions."""
    n, n_cells = fractions.shape
    rows, cells = np.nonzero(fractions)
    offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=n), out=offsets[1:])
    smallest = np.min_scalar_type(max(n_cells - 1, 0))
    return SparseShowers(
        n_cells, offsets, cells.astype(smallest), fractions[rows, cells].astype(np.float32)
    )


def join(parts: Iterable[SparseShowers]) -> SparseShowers:
    """Concatenate showers of one mesh."""
    listed = list(parts)
    starts = np.cumsum([0, *(part.offsets[-1] for part in listed)])
    offsets = [part.offsets[:-1] + start for part, start in zip(listed, starts, strict=False)]
    return SparseShowers(
        listed[0].n_cells,
        np.concatenate([*offsets, starts[-1:]]),
        np.concatenate([part.cells for part in listed]),
        np.concatenate([part.fractions for part in listed]),
    )
