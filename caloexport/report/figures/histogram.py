"""Panels of how a number is distributed, and of how its mean and spread go with energy."""

from __future__ import annotations

import math

import numpy as np

from caloexport.report.figures.picture import Panel, Series
from caloexport.runtime.arrays import Float64
from caloexport.validation.binning import window_edges
from caloexport.validation.estimate import FEW
from caloexport.validation.metrics import metrics
from caloexport.validation.sample_moments import moments_of

FEWEST_BINS, MOST_BINS = 10, 40
#: share of showers outside of the bins that is told
TELLING = 0.005
#: a range that is this small a part of all values holds nothing but rounding
DEGENERATE = 1e-4
#: a mean of fewer of its errors is compared by pulls
NEAR_ZERO = 3.0
#: by which part of its width the range is widened where it holds all values then
NEARLY = 0.05


def distribution(
    energy: str, x_label: str, reference: Float64, generated: Float64, about: str = ""
) -> Panel | None:
    """Return a panel of two samples (n,) and (m,) over the bulk of the reference.

    What is not a number is left out, and so is what lies outside of the bins; the histograms are
    divided by the number of showers that have a number. None where the reference has none.

    Args:
        energy: label of the window of the incident energy, the end of the title.
        x_label: with unit.
        reference, generated: the samples.
        about: beginning of the title.
    """
    usual, found = (values[np.isfinite(values)] for values in (reference, generated))
    if not usual.size:
        return None
    edges = histogram_edges(usual, found)
    notes = []
    comparison = metrics["chi2_ndf"].compute(usual, found)
    if math.isfinite(comparison.value):
        notes.append(f"χ²/ndf {comparison.value:.2f}")
    outside = [_outside(values, edges) for values in (usual, found)]
    if max(outside) > TELLING:
        notes.append("outside " + ", ".join(f"{100 * share:.1f} %" for share in outside))
    return Panel(
        f"{about}{energy}", x_label, "fraction of showers", edges, _counted(usual, edges),
        _counted(found, edges), notes=tuple(notes), energy=energy,
    )  # fmt: skip


def histogram_edges(reference: Float64, generated: Float64) -> Float64:
    """Return bin edges over the bulk of both samples; whole numbers get bins of whole widths.

    The generated sample widens the range of the reference by its width at most, to either side.
    The fewer showers the reference has, the wider are the bins.

    >>> histogram_edges(np.array([3.0, 4.0, 4.0, 5.0, 6.0]), np.array([5.0])).tolist()
    [2.5, 3.5, 4.5, 5.5, 6.5]
    """
    low, high = _bulk(reference)
    if generated.size:
        width, own = high - low, _bulk(generated)
        low, high = max(min(low, own[0]), low - width), min(max(high, own[1]), high + width)
    bins = min(MOST_BINS, max(FEWEST_BINS, int(2.6 * np.cbrt(len(reference)))))
    if (reference == np.rint(reference)).all():
        low, high = math.floor(low), math.ceil(high)
        step = max(1, math.ceil((high - low + 1) / bins))
        return low - 0.5 + step * np.arange(math.ceil((high - low + 1) / step) + 1.0)
    return np.linspace(low, high, bins + 1)


def _bulk(values: Float64) -> tuple[float, float]:
    edges = window_edges(values, 200)
    low, high = float(edges[0]), float(edges[-1])
    least, most = float(values.min()), float(values.max())
    if high - low < DEGENERATE * (
        most - least
    ):  # most values are one and the same, but for rounding
        return least, most
    room = NEARLY * (high - low)  # rather all than nearly all
    return least if least > low - room else low, most if most < high + room else high


def _outside(values: Float64, edges: Float64) -> float:
    """Return the share of values that no bin holds."""
    inside = np.count_nonzero((values >= edges[0]) & (values <= edges[-1]))
    return 1 - inside / max(len(values), 1)


def _counted(values: Float64, edges: Float64) -> Series:
    counts = np.histogram(values, edges)[0].astype(np.float64)
    n = max(len(values), 1)
    return Series(counts / n, np.sqrt(counts) / n)


def trend(
    title: str,
    y_label: str,
    energies_mev: Float64,
    pairs: list[tuple[Float64, Float64]],
    which: str,
) -> Panel | None:
    """Return a panel of the mean or the width of a number against the incident energy.

    Args:
        title, y_label: of the panel.
        energies_mev: (windows,).
        pairs: values of reference and generated sample in each window, (n,) and (m,).
        which: ``"mean"`` or ``"width"``, the standard deviation.
    """
    sides: list[list[tuple[float, float]]] = [[], []]
    kept = []
    for energy, pair in zip(energies_mev, pairs, strict=True):
        sound = [values[np.isfinite(values)] for values in pair]
        if min(map(len, sound)) < FEW:
            continue
        kept.append(energy / 1e3)
        for side, values in zip(sides, sound, strict=True):
            measured = moments_of(values)
            side.append(
                (float(getattr(measured, which)), float(getattr(measured, f"{which}_error")))
            )
    if not kept:
        return None
    usual, found = (Series(*np.array(side).T) for side in sides)
    # a mean may be 0, where a ratio says nothing
    near_zero = (np.abs(usual.values) < NEAR_ZERO * usual.errors).any()
    return Panel(
        title, "incident energy / GeV", y_label, np.array(kept), usual, found,
        below="pull" if near_zero else "ratio", log_x=True,
    )  # fmt: skip
