"""The mean shower in each layer of a window: η by φ, reference, generated and their ratio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.layers import layer_title
from caloexport.report.figures.picture import ImagePanel, Picture, Series
from caloexport.runtime.arrays import Array
from caloexport.validation.window_layers import is_window, layer_cells

NAME = "shower-image"


class MeanShower:
    """Sums of E_cell/E_inc and of its square over all showers."""

    def __init__(self, frame: Frame) -> None:
        cells = int(np.prod(frame.mesh.shape))
        self.first, self.second, self.n = np.zeros(cells), np.zeros(cells), 0

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block."""
        incident = np.asarray(conditions["energy_mev"], dtype=np.float64)[:, None]
        share = energies.reshape(len(energies), -1) / incident
        self.first += share.sum(axis=0)
        self.second += np.square(share).sum(axis=0)
        self.n += len(share)

    def percent(self) -> Series:
        """Return the mean of each cell in per cent of the incident energy."""
        n = max(self.n, 2)
        mean = self.first / n
        variance = np.maximum(self.second / n - mean**2, 0) / (n - 1)
        return Series(100 * mean, 100 * np.sqrt(variance))


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a row for each layer."""
    mesh = reference.frame.mesh
    assert is_window(mesh)
    sides = []
    for side in (reference, generated):
        collected = side.collected[NAME]
        assert isinstance(collected, MeanShower)
        sides.append(collected.percent())
    rows = []
    for z, layer in enumerate(mesh.layers):
        grids = [
            Series(*(layer_cells(part[None], mesh, z)[0].T for part in (one.values, one.errors)))
            for one in sides
        ]
        rows.append(
            ImagePanel(
                layer_title(mesh, z), f"cell in η (Δη = {layer.d_eta:.4g})",
                f"cell in φ ({1e3 * layer.d_phi:.3g} mrad)", np.arange(layer.n_eta + 1.0),
                np.arange(layer.n_phi + 1.0), "mean of E / E(incident) / %", grids[0], grids[1],
            )
        )  # fmt: skip
    yield Picture(NAME, "Mean shower in each layer, all energies", rows)


def missing(frame: Frame) -> str | None:
    """Say why showers have no η-φ image."""
    return None if is_window(frame.mesh) else "the cells are no window in η and φ"


figures.register(NAME)(Figure("mean shower in each layer", missing, pictures, collector=MeanShower))
