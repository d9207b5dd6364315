"""Lateral profiles of layers of rings: energy per mm by distance from the axis, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import MOST_LAYERS, Frame, Gathered
from caloexport.report.figures.layers import layer_title
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import LayeredMesh

NAME = "rings"


class Rings:
    """Sums of the energy in each ring and of its square, for each window of the energy."""

    def __init__(self, frame: Frame) -> None:
        assert isinstance(frame.mesh, LayeredMesh)
        self._frame = frame
        index = frame.mesh.indices()
        sizes = np.array([layer.n_r for layer in frame.mesh.layers])
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        self._ring = self.starts[index["z"]] + index["r"]
        shape = (len(frame.windows), int(self.starts[-1]))
        self.first, self.second = np.zeros(shape), np.zeros(shape)
        self.n = np.zeros(len(frame.windows))

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block."""
        order = np.argsort(self._ring, kind="stable")
        begins = np.searchsorted(self._ring[order], np.arange(self.starts[-1]))
        rings = np.add.reduceat(energies[:, order].astype(np.float64), begins, axis=1)
        incident = np.asarray(conditions["energy_mev"], dtype=np.float64)
        for window in range(len(self.n)):
            chosen = rings[self._frame.inside(window, incident)]
            self.first[window] += chosen.sum(axis=0)
            self.second[window] += np.square(chosen).sum(axis=0)
            self.n[window] += len(chosen)

    def per_mm(self, window: int, layer: int, widths_mm: Float64) -> Series:
        """Return the mean energy of each ring of a layer over its width."""
        here = slice(self.starts[layer], self.starts[layer + 1])
        n = max(self.n[window], 2.0)
        mean = self.first[window, here] / n
        variance = np.maximum(self.second[window, here] / n - mean**2, 0.0) / (n - 1)
        return Series(mean / widths_mm, np.sqrt(variance) / widths_mm)


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a row for each layer and a column for each of some energies."""
    frame = reference.frame
    assert isinstance(frame.mesh, LayeredMesh)
    usual, found = reference.collected[NAME], generated.collected[NAME]
    assert isinstance(usual, Rings)
    assert isinstance(found, Rings)
    rows = [
        [_panel(usual, found, frame, z, window) for window in frame.picked]
        for z in range(frame.mesh.n_layers)
    ]
    yield Picture(NAME, "Lateral profile of each layer", rows)


def _panel(usual: Rings, found: Rings, frame: Frame, z: int, window: int) -> Panel:
    assert isinstance(frame.mesh, LayeredMesh)
    edges = np.array(frame.mesh.layers[z].r_edges_mm)
    sides = [one.per_mm(window, z, np.diff(edges)) for one in (usual, found)]
    empty = not any(side.values.any() for side in sides)
    return Panel(
        f"{layer_title(frame.mesh, z)}, {frame.label(window)}",
        "distance from the axis / mm",
        "energy / (MeV/mm)",
        edges,
        sides[0],
        sides[1],
        log_x=True,
        log_y=True,
        notes=("no energy in either sample",) if empty else (),
        energy=frame.label(window),
    )


def missing(frame: Frame) -> str | None:
    """Say why showers have no rings."""
    if not isinstance(frame.mesh, LayeredMesh):
        return "the cells are no rings with edges of their own in each layer"
    if frame.mesh.n_layers > MOST_LAYERS:
        return f"more than {MOST_LAYERS} layers do not fit on a page"
    return None


figures.register(NAME)(Figure("lateral profile of each layer", missing, pictures, collector=Rings))
