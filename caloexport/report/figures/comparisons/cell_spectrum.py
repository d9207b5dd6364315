"""Energies of single cells: how many cells of a shower have which energy, on a log scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures, never_missing
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.arrays import Array, Float64

NAME = "cell-spectrum"
#: log10(E/MeV): from a tenth of an eV to 10 TeV
RANGE, BINS = (-7.0, 7.0), 140
EDGES = np.linspace(*RANGE, BINS + 1)


class Spectrum:
    """Counts of cells by energy, for each window of the incident energy."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.counts = np.zeros((len(frame.windows), len(EDGES) - 1))
        self.showers = np.zeros(len(frame.windows))

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block."""
        flat = energies.reshape(len(energies), -1)
        incident = np.asarray(conditions["energy_mev"], dtype=np.float64)
        for window in range(len(self.showers)):
            cells = flat[self._frame.inside(window, incident)]
            self.showers[window] += len(cells)
            cells = cells.reshape(-1)  # the places in one axis are found faster than a mask of two
            hits = np.log10(cells[np.flatnonzero(cells > 0)].astype(np.float64))
            self.counts[window] += np.histogram(hits, BINS, RANGE)[0]

    def series(self, window: int, bins: slice) -> Series:
        """Return cells per shower; cells of a shower go together, so that errors are too small."""
        n = max(self.showers[window], 1)
        counts = self.counts[window, bins]
        return Series(counts / n, np.sqrt(counts) / n)


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a panel for each of some energies."""
    usual, found = reference.collected[NAME], generated.collected[NAME]
    assert isinstance(usual, Spectrum)
    assert isinstance(found, Spectrum)
    panels = []
    for window in reference.frame.picked:
        bins = _filled(usual.counts[window] + found.counts[window])
        edges = 10 ** EDGES[bins.start : bins.stop + 1]
        panels.append(
            Panel(
                reference.frame.label(window), "cell energy / MeV", "cells per shower", edges,
                usual.series(window, bins), found.series(window, bins), log_x=True, log_y=True,
                energy=reference.frame.label(window),
            )
        )  # fmt: skip
    yield Picture(NAME, "Energies of cells that were hit", [panels])


def _filled(counts: Float64) -> slice:
    filled = np.flatnonzero(counts)
    return slice(int(filled[0]), int(filled[-1]) + 1) if filled.size else slice(60, 80)


figures.register(NAME)(
    Figure("energies of single cells", never_missing, pictures, collector=Spectrum)
)
