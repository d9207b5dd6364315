"""The strips around the hottest middle cell: the array from which ATLAS computes strip variables.

In η the array spans five middle cells (40 strips of the ATLAS barrel), in φ the rows whose centres are
closer to the hottest middle cell than one row: two, merged. Strips beyond the window of the data are
absent: they hold nothing and are nobody's neighbours.

Source: ATLAS-experiment/athena, Reconstruction/egamma/egammaCaloUtils/src/egammaStripsShape.cxx.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.validation.middle_window import hottest_cell
from caloexport.validation.window_layers import has_strips, layer_cells, strips_of

#: width of the array in middle cells
MIDDLE_CELLS = 5
#: condition that says how rows of strips lie about the middle cells
NEEDS = ("pconfig",)


@dataclass(frozen=True, eq=False)
class StripArray:
    """Strips of a block of showers.

    Attributes:
        energies: (n, strips) MeV, 0 where absent.
        present: (n, strips).
        per_middle_cell: strips that make one middle cell.
    """

    energies: Float64
    present: Array
    per_middle_cell: int

    @cached_property
    def total(self) -> Float64:
        """Energy of all strips, (n,) MeV."""
        return self.energies.sum(axis=1)

    @cached_property
    def hottest(self) -> Integers:
        """Number of the strip with the most energy, (n,); the first of equals."""
        return self.energies.argmax(axis=1)

    @cached_property
    def first(self) -> Float64:
        """Energy of the hottest strip, (n,) MeV."""
        return self.energies.max(axis=1)

    @cached_property
    def second(self) -> Integers:
        """Number of the hottest strip that is hotter than both neighbours and not :attr:`hottest`,
        (n,); -1 where there is none.
        """
        inner = self.energies[:, 1:-1]
        peak = (inner > self.energies[:, :-2]) & (inner > self.energies[:, 2:])
        peak &= self.present[:, :-2] & self.present[:, 2:]
        peak &= np.arange(1, self.energies.shape[1] - 1) != self.hottest[:, None]
        candidates = np.where(peak, inner, -1.0)
        return np.where(peak.any(axis=1), 1 + candidates.argmax(axis=1), -1)

    @cached_property
    def second_energy(self) -> Float64:
        """Energy of :attr:`second`, (n,) MeV; 0 where there is none."""
        picked = np.take_along_axis(self.energies, np.maximum(self.second, 0)[:, None], axis=1)
        return np.where(self.second < 0, 0.0, picked[:, 0])

    @cached_property
    def from_hottest(self) -> Integers:
        """How far each strip is from the hottest, (n, strips) in strips."""
        return np.arange(self.energies.shape[1]) - self.hottest[:, None]

    def width(self, chosen: Array) -> Float64:
        """Return √(Σ E (i - hottest)²/ΣE) over chosen strips (n, strips), (n,) in strips."""
        energies = self.energies * chosen
        total = energies.sum(axis=1)
        squares = (energies * self.from_hottest**2).sum(axis=1)
        return np.sqrt(np.divide(squares, total, where=total > 0, out=np.full_like(total, np.nan)))


def strip_array(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> StripArray:
    """Collect the strips of each shower.

    Args:
        energies: (n, cells) MeV.
        mesh: a window with strips.
        conditions: with ``pconfig`` (n,).
    """
    assert has_strips(mesh)
    number = strips_of(mesh)
    assert number is not None
    strips, middle = mesh.layers[number], mesh.layers[mesh.reference]
    hot_eta, hot_phi = hottest_cell(energies, mesh)
    cells = layer_cells(energies, mesh, number)
    rows = _rows(mesh, number, np.asarray(conditions["pconfig"]), hot_phi)
    merged = np.zeros(cells.shape[:2])
    for row in range(strips.n_phi):
        merged += cells[:, :, row] * rows[:, row, None]
    ratio = round(middle.d_eta / strips.d_eta)
    # cells of both layers are aligned alike in η, whatever the alignment of coarser ones
    edges = mesh.lower_edges(0, 0)[:, 0]
    centre = edges[mesh.reference] + (hot_eta + 0.5) * middle.d_eta - edges[number]
    start = np.rint(centre / strips.d_eta - MIDDLE_CELLS * ratio / 2).astype(np.int64)
    wanted = start[:, None] + np.arange(MIDDLE_CELLS * ratio)
    present = (wanted >= 0) & (wanted < strips.n_eta)
    found = np.take_along_axis(merged, np.clip(wanted, 0, strips.n_eta - 1), axis=1)
    return StripArray(np.where(present, found, 0.0), present, ratio)


def _rows(mesh: WindowMesh, number: int, pconfig: Array, hot_phi: Integers) -> Array:
    """Say which rows of strips are closer than one row to the hottest middle cell, (n, rows)."""
    strips, middle = mesh.layers[number], mesh.layers[mesh.reference]
    kinds, which = np.unique(pconfig, return_inverse=True)
    edges = np.array([mesh.lower_edges(int(kind), 0)[:, 1] for kind in kinds])
    hot = edges[which, mesh.reference] + (hot_phi + 0.5) * middle.d_phi
    rows = edges[which, number, None] + (np.arange(strips.n_phi) + 0.5) * strips.d_phi
    return np.abs(rows - hot[:, None]) < strips.d_phi * (1 - 1e-9)
