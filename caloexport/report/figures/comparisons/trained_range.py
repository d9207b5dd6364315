"""Response and resolution below, in and above the energies that the generator was trained on.

Where the reference has showers outside of that range, they are compared. Where it has none, the generated
sample stands alone, beside the trend of the reference: the response as a line in the logarithm of the
energy, the resolution by its terms, each with the error that it has so far out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.picture import Panel, Picture, Series, Trend
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.units import format_energy
from caloexport.validation.beyond import MARGIN
from caloexport.validation.energy_response import EnergyPoint, Number, energy_response
from caloexport.validation.resolution_fit import extrapolate_resolution
from caloexport.validation.response_line import extrapolate_response

NAME = "trained-range"
#: which number -> title, label of the axis
PANELS = {
    "mean": ("response", "mean of E / E(incident)"),
    "width": ("resolution", "σ(E) / ⟨E⟩"),
    "core": ("core of the resolution", "half of central 68 % / median"),
}
#: points of a curve, and by which factor it goes on beyond the outermost showers
CURVE, ROOM = 80, 1.25
Law = Callable[[Float64], tuple[Float64, Float64]]


@dataclass(frozen=True)
class _Point:
    """One number at one energy; the reference has none where only the generated sample is."""

    energy_mev: float
    reference: Number | None
    generated: Number


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a panel for each of mean, width and core."""
    frame = reference.frame
    usual, found = (
        (side.whole("energy_mev"), side.whole("total_energy")) for side in (reference, generated)
    )
    common = energy_response(usual, found, frame.windows).points
    own = (generated.alone("energy_mev"), generated.alone("total_energy"))
    alone = energy_response(own, own, frame.alone).points if frame.alone else ()
    panels = [panel for which in PANELS if (panel := _panel(frame, common, alone, which))]
    if panels:
        yield Picture(NAME, "Inside and outside of the trained energies", [panels])


def _panel(
    frame: Frame, common: Sequence[EnergyPoint], alone: Sequence[EnergyPoint], which: str
) -> Panel | None:
    """Return the panel of one number; None where too few showers tell it."""
    points = [
        _Point(one.energy_mev, None if only else here.reference, here.generated)
        for group, only in ((common, False), (alone, True))
        for one in group
        if (here := getattr(one, which)).generated.error is not None
        and (only or here.reference.error is not None)
    ]
    if not points:
        return None
    points.sort(key=lambda one: one.energy_mev)
    energy = np.array([one.energy_mev for one in points])
    missing = Number(np.nan, np.nan)
    usual, found = (
        Series(*np.array([(one.value, one.error) for one in numbers], dtype=np.float64).T)
        for numbers in ([p.reference or missing for p in points], [p.generated for p in points])
    )
    trend = _trend(energy, usual, frame.trained_mev, which)
    return Panel(
        PANELS[which][0], "incident energy / GeV", PANELS[which][1], energy / 1e3, usual, found,
        log_x=True, log_y=which != "mean", trend=trend,
        notes=_notes(frame, usual, trend) if which == "mean" else (),
    )  # fmt: skip


def _trend(
    energy_mev: Float64, usual: Series, trained: tuple[float, float] | None, which: str
) -> Trend:
    """Return the law of the reference's points; a curve of NaN where they tell none."""
    told = np.isfinite(usual.values)
    given = energy_mev[told], usual.values[told], usual.errors[told]
    sound = len(np.unique(given[0])) > 1 and (given[1] > 0).all() and (given[2] > 0).all()
    fitted: Law = partial(
        extrapolate_response if which == "mean" else extrapolate_resolution, *given
    )
    law: Law = fitted if sound else _unknown
    ends = [energy_mev.min(), energy_mev.max(), *(trained or ())]
    at = np.geomspace(min(ends) / ROOM, max(ends) * ROOM, CURVE)
    low, high = (float(given[0].min()), float(given[0].max())) if sound else (0.0, 0.0)
    return Trend(
        at / 1e3, Series(*law(at)), low / 1e3, high / 1e3, Series(*law(energy_mev)),
        None if trained is None else (trained[0] / 1e3, trained[1] / 1e3),
    )  # fmt: skip


def _unknown(at_mev: Float64) -> tuple[Float64, Float64]:
    nothing = np.full(len(at_mev), np.nan)
    return nothing, nothing


def _notes(frame: Frame, usual: Series, trend: Trend) -> tuple[str, ...]:
    notes = []
    if frame.trained_mev is not None:
        low, high = map(format_energy, frame.trained_mev)
        notes.append(f"shaded: trained on {low} to {high}")
    if np.isfinite(trend.series.values).any():
        notes.append("dashed: reference, extrapolated")
    if np.isnan(usual.values).any():
        notes.append("hollow: no reference")
    return tuple(notes)


def missing(frame: Frame) -> str | None:
    """Say why nothing is outside."""
    if frame.alone:
        return None
    if frame.trained_mev is None:
        return "the showers do not tell what their generator was trained on"
    low, high = frame.trained_mev
    energies: Array = np.array(frame.energies_mev)
    if ((energies < low / MARGIN) | (energies > high * MARGIN)).any():
        return None
    return "no showers are outside of the trained range"


figures.register(NAME)(
    Figure("response and resolution outside the trained range", missing, pictures)
)
