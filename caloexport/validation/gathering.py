"""What distances need of a sample, gathered in one pass over its showers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.validation.feature_list import FeatureList
from caloexport.validation.readout_cut import ReadoutCut

#: of the cells of a sample that are kept
CELL_BYTES = 256 * 2**20


class Gathering:
    """Features of all showers and cells of some, block by block.

    Give :meth:`watch` the blocks in order, for example as the ``watch`` of
    :func:`caloexport.validation.measure`.

    Args:
        mesh: the cells.
        n: number of showers that will come.
        cut: readout cut of both samples.
        features: which to compute; None for none.
        cells: of how many showers to keep the cells, at most; fewer if they would take more
            than :data:`CELL_BYTES`.
        seed: of the choice of these showers, which come in random order.
    """

    def __init__(
        self,
        mesh: Mesh,
        n: int,
        cut: ReadoutCut,
        features: FeatureList | None = None,
        cells: int = 0,
        seed: int = 0,
    ) -> None:
        self.mesh = mesh
        self.n = n
        self.cut = cut
        self._list = features
        self._features: list[Float64] = []
        self._done = 0
        kept = min(cells, n, max(1, CELL_BYTES // (4 * n_cells(mesh))))
        self._order = np.random.default_rng(seed).permutation(n)[:kept]
        self._place = np.argsort(self._order)
        self._rows = self._order[self._place]  # rising
        self._cells = np.empty((kept, n_cells(mesh)), dtype=np.float32)

    def watch(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take the next block: energies (k, *mesh shape) MeV and their conditions."""
        above = self.cut.apply(energies)
        if self._list is not None:
            self._features.append(self._list.compute(above, self.mesh, conditions))
        first, last = np.searchsorted(self._rows, (self._done, self._done + len(above)))
        chosen = above[self._rows[first:last] - self._done].reshape(
            last - first, n_cells(self.mesh)
        )
        logarithms = np.log10(np.where(chosen > 0, chosen, self.cut.empty_mev))
        self._cells[self._place[first:last]] = logarithms
        self._done += len(above)

    @property
    def features(self) -> Float64:
        """Features of all showers, (n, d)."""
        return np.concatenate(self._features)

    @property
    def cells(self) -> Float32:
        """log10 of the cell energies in MeV of the chosen showers, (kept, cells)."""
        return self._cells
