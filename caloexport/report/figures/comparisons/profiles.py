"""Profiles: mean energy by depth and, where cells have a distance from the axis, by that."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures, never_missing
from caloexport.report.figures.gathered import MOST_LAYERS, Gathered
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.arrays import Float64
from caloexport.runtime.mesh import LayeredMesh
from caloexport.validation.observables import observables
from caloexport.validation.projections import axis_edges

AXES = {"longitudinal_profile": "z", "lateral_profile": "r", "phi_profile": "phi"}


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield a picture for each profile of the registry, with a panel for each of some energies."""
    frame = reference.frame
    for name in frame.names:
        observable = observables[name]
        layered = isinstance(frame.mesh, LayeredMesh)
        if observable.kind != "profile" or (layered and name == "lateral_profile"):
            continue  # rings of layers have figures of their own
        unit = axis_edges(frame.mesh, AXES[name])[1] if name in AXES else ""
        panels = []
        for window in frame.picked:
            rows = [side.values(name, window) for side in (reference, generated)]
            edges = observable.edges(rows[0], frame.mesh)
            label = f"{observable.title} / {unit}" if unit else observable.title
            # of a few layers some hold a hundredth of the others' energy
            log_y = name == "lateral_profile" or len(edges) <= MOST_LAYERS + 1
            bins = "layer" if unit == "layers" else "bin"
            panels.append(
                Panel(
                    frame.label(window), label, f"mean energy per {bins} / {observable.unit_on(frame.mesh)}",
                    edges, _mean(rows[0]), _mean(rows[1]), log_y=log_y,
                    energy=frame.label(window),
                )
            )  # fmt: skip
        yield Picture(name.replace("_", "-"), f"Mean energy by {observable.title}", [panels])


def _mean(rows: Float64) -> Series:
    n = len(rows)
    spread = rows.std(axis=0, ddof=1) if n > 1 else np.zeros(rows.shape[1])
    return Series(rows.mean(axis=0), spread / math.sqrt(n))


figures.register("profiles")(Figure("mean energy by depth and distance", never_missing, pictures))
