"""Every observable of the registry: its distribution at some energies, mean and width at all.

A new observable gets its picture by itself. Total energy and response have figures of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures, never_missing
from caloexport.report.figures.gathered import Gathered
from caloexport.report.figures.histogram import distribution, trend
from caloexport.report.figures.layers import layer_title
from caloexport.report.figures.picture import Panel, Picture
from caloexport.validation.observables import observables

ELSEWHERE = ("total_energy", "response")


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield a picture of each observable of showers or layers."""
    frame = reference.frame
    for name in frame.names:
        observable = observables[name]
        if name in ELSEWHERE or observable.kind not in ("shower", "layers"):
            continue
        layers = list(range(frame.mesh.n_layers)) if observable.kind == "layers" else [None]
        rows = [row for layer in layers if (row := _row(reference, generated, name, layer))]
        if rows:
            yield Picture(name.replace("_", "-"), observable.title, rows)


def _row(reference: Gathered, generated: Gathered, name: str, layer: int | None) -> list[Panel]:
    frame = reference.frame
    unit = observables[name].unit_on(frame.mesh)
    label = observables[name].title
    if unit and "/ " + unit not in label:
        label = f"{label} / {unit}"
    about = "" if layer is None else f"{layer_title(frame.mesh, layer)}, "
    pairs = []
    for window in range(len(frame.windows)):
        usual, found = (side.values(name, window) for side in (reference, generated))
        pairs.append((usual, found) if layer is None else (usual[:, layer], found[:, layer]))
    drawn = [
        distribution(frame.label(window), label, *pairs[window], about) for window in frame.picked
    ]
    if len(frame.windows) > 1:
        energies = np.array(frame.energies_mev)
        drawn += [
            trend(f"{about}{word}", f"{word}{f' / {unit}' if unit else ''}", energies, pairs, which)
            for word, which in (("mean", "mean"), ("std. dev.", "width"))
        ]
    return [panel for panel in drawn if panel is not None]


figures.register("observables")(
    Figure("every observable: distribution, mean and width", never_missing, pictures)
)
