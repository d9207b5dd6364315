"""What distances need of a sample, gathered in one pass over its showers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.validation.feature_list import FeatureList
from caloexport.validation.readout_cut import ReadoutCut
from caloexport.validation.rows import Rows, Space

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
        departures: of the rows, see :class:`~caloexport.validation.rows.Rows`.
    """

    def __init__(
        self,
        mesh: Mesh,
        n: int,
        cut: ReadoutCut,
        features: FeatureList | None = None,
        cells: int = 0,
        seed: int = 0,
        departures: tuple[str, ...] = (),
    ) -> None:
        self.mesh = mesh
        self.n = n
        self.cut = cut
        self._list = features
        self._departures = departures
        self._features: list[Float64] = []
        self._done = 0
        kept = min(cells, n, max(1, CELL_BYTES // (4 * n_cells(mesh))))
        self._order = np.random.default_rng(seed).permutation(n)[:kept]
        self._place = np.argsort(self._order)
        self._rows = self._order[self._place]  # rising
        self._cells = np.empty((kept, n_cells(mesh)), dtype=np.float32)
        self._energy_mev = np.empty(n)

    def watch(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take the next block: energies (k, *mesh shape) MeV and their conditions."""
        above = self.cut.apply(energies)
        if self._list is not None:
            self._features.append(self._list.compute(above, self.mesh, conditions))
        stop = self._done + len(above)
        self._energy_mev[self._done : stop] = conditions["energy_mev"]
        first, last = np.searchsorted(self._rows, (self._done, stop))
        chosen = above[self._rows[first:last] - self._done]
        self._cells[self._place[first:last]] = chosen.reshape(last - first, n_cells(self.mesh))
        self._done = stop

    @property
    def complete(self) -> bool:
        """Whether all showers came."""
        return self._done == self.n

    def rows(self, space: Space, most: int | None = None) -> Rows:
        """Return what was gathered as rows of numbers.

        Args:
            space: which numbers.
            most: how many rows, at most.
        """
        values: Array
        if space == "features":
            assert self._list is not None, "no features were asked for"
            if len(self._features) > 1:
                self._features = [np.concatenate(self._features)]
            values, energy_mev = self._features[0], self._energy_mev
            numbers, own = self._list.name, self._list.departures
        else:
            values, energy_mev = self._cells, self._energy_mev[self._order]
            numbers, own = "cells", ()
        values, energy_mev = values[:most], energy_mev[:most]
        if space == "log_cells":
            values = np.log10(np.where(values > 0, values, np.float32(self.cut.empty_mev)))
        return Rows(values, energy_mev, self.mesh, numbers, (*own, *self._departures))
