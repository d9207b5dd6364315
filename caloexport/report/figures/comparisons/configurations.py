"""Mean profiles in η and φ of each layer, for every alignment of the cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.layers import layer_title
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.alignment import (
    AXES,
    CONDITIONS,
    CONFIGURATIONS,
    AlignedProfiles,
    chi2_of,
    compare_aligned,
)
from caloexport.validation.window_layers import is_window

NAME = "configurations"
LETTERS = {"eta": "η", "phi": "φ"}
UNITS = {"eta": "", "phi": " / rad"}


class Collected:
    """Profiles of all showers by alignment."""

    def __init__(self, frame: Frame) -> None:
        assert is_window(frame.mesh)
        self.profiles = AlignedProfiles(frame.mesh)

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block."""
        self.profiles.watch(energies, conditions)


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield a picture for each direction and ``econfig``: a row of ``pconfig`` for each layer."""
    sides = []
    for gathered in (reference, generated):
        collected = gathered.collected[NAME]
        assert isinstance(collected, Collected)
        sides.append(collected.profiles)
    usual, found = sides
    compared = [one.to_json() for one in compare_aligned(usual, found)]
    for axis in AXES:
        for econfig in sorted({e for _, e in CONFIGURATIONS}):
            chosen = [k for k, (_, e) in enumerate(CONFIGURATIONS) if e == econfig]
            rows = [
                [_panel(usual, found, axis, layer, k) for k in chosen]
                for layer in range(usual.mesh.n_layers)
            ]
            title = f"Mean profile in {LETTERS[axis]} for econfig {econfig}, all energies"
            name = f"{NAME}-{axis}-econfig{econfig}"
            facts = {"figures": [one for one in compared if one["axis"] == axis]}
            yield Picture(name, title, rows, facts)


def _panel(
    usual: AlignedProfiles, found: AlignedProfiles, axis: str, layer: int, number: int
) -> Panel:
    mesh, (pconfig, econfig) = usual.mesh, CONFIGURATIONS[number]
    profiles = [one.profile(axis, layer, number) for one in (usual, found)]
    low = mesh.lower_edges(pconfig, econfig)[layer, AXES.index(axis)]
    size = getattr(mesh.layers[layer], f"d_{axis}")
    edges = low + size * np.arange(len(profiles[0][0]) + 1.0)
    figure = chi2_of(usual, found, axis, layer, range(number, number + 1))
    notes = () if figure is None else (f"χ²/ndf {figure.value:.2f}",)
    letter, unit = LETTERS[axis], UNITS[axis]
    return Panel(
        f"{layer_title(mesh, layer)}, pconfig {pconfig}",
        f"{letter} from the impact cell{unit}",
        "share of the layer's energy",
        edges,
        _series(*profiles[0]),
        _series(*profiles[1]),
        log_y=True,
        notes=notes,
    )


def _series(mean: Float64, covariance: Float64) -> Series:
    return Series(mean, np.sqrt(np.maximum(np.diag(covariance), 0.0)))


def missing(frame: Frame) -> str | None:
    """Say why showers have no alignment."""
    if not is_window(frame.mesh):
        return "the cells are no window in η and φ"
    if set(CONDITIONS) <= set(frame.conditions):
        return None
    return "a sample does not tell how its windows lie (pconfig, econfig)"


figures.register(NAME)(
    Figure("mean profiles for each alignment", missing, pictures, collector=Collected)
)
