"""Correlations between the energies of layers at each energy: both samples, and their difference."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.picture import ImagePanel, Picture, Series
from caloexport.runtime.arrays import Float64
from caloexport.validation.estimate import FEW
from caloexport.validation.statistics.layer_correlation import (
    correlation_errors,
    layer_correlation,
)

NAME = "layer-correlation"
#: of a matrix with more rows nothing could be seen, and a page would grow by megabytes
MOST_ROWS = 80


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a row for each of some energies."""
    rows = [_row(reference, generated, window) for window in reference.frame.picked]
    found = [row for row in rows if row is not None]
    if found:
        yield Picture(NAME, "Correlations between the energies of layers", found)


def _row(reference: Gathered, generated: Gathered, window: int) -> ImagePanel | None:
    """Return the matrices of one energy; None of too few showers, or without any correlation."""
    given = [
        np.column_stack([side.values("energy_mev", window), side.values("longitudinal_profile", window)])
        for side in (reference, generated)
    ]  # fmt: skip
    if min(map(len, given)) < FEW:
        return None
    usual, found = (Series(layer_correlation(one), correlation_errors(one)) for one in given)
    pairs = ~np.eye(len(usual.values), dtype=bool)
    pairs &= np.isfinite(usual.values) & np.isfinite(found.values)
    if not pairs.any():
        return None
    edges = np.arange(len(usual.values) + 1.0) - 0.5
    energy = reference.frame.label(window)
    return ImagePanel(
        energy, "layer", "layer", edges, edges, "correlation", usual, found, 1.0,
        (_told(usual, found, pairs),), energy,
    )  # fmt: skip


def _told(usual: Series, found: Series, pairs: Float64) -> str:
    """Say how far both differ, and how far chance alone would take them apart."""
    difference = math.sqrt(float(np.square(found.values - usual.values)[pairs].mean()))
    chance = np.square(usual.errors) + np.square(found.errors)
    return (
        f"rms difference {difference:.3f}, by chance {math.sqrt(float(chance[pairs].mean())):.3f}"
    )


def missing(frame: Frame) -> str | None:
    """Say why showers have no matrix."""
    if frame.mesh.n_layers < 2:
        return "the cells are of one layer"
    if frame.mesh.n_layers > MOST_ROWS:
        return f"more than {MOST_ROWS} layers cannot be seen in one matrix"
    return None


figures.register(NAME)(Figure("correlations between layers", missing, pictures))
