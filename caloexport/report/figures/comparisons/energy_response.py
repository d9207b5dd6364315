"""Energy response and resolution against incident energy, with the fitted curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures, never_missing
from caloexport.report.figures.gathered import Gathered
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.units import format_energy
from caloexport.validation.energy_response import EnergyPoint, EnergyResponse, energy_response

LABELS = {
    "mean": ("response", "mean of E / E(incident)"),
    "width": ("resolution", "σ(E) / ⟨E⟩"),
    "core": ("core of the resolution", "half of central 68 % / median"),
}


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture: mean, width and core of the total energy."""
    frame = reference.frame
    usual, found = (
        (side.whole("energy_mev"), side.whole("total_energy")) for side in (reference, generated)
    )
    report = energy_response(usual, found, frame.windows, untrained_mev=frame.untrained_mev)
    points = [point for point in report.points if _told(point)]
    if points:
        panels = [_panel(report, points, which) for which in LABELS]
        title = "Energy response and resolution"
        yield Picture("energy-response", title, [panels], {"report": report.to_json()})


def _told(point: EnergyPoint) -> bool:
    numbers = [
        getattr(getattr(point, w), side) for w in LABELS for side in ("reference", "generated")
    ]
    return all(number.error is not None for number in numbers)


def _panel(found: EnergyResponse, points: list[EnergyPoint], which: str) -> Panel:
    title, label = LABELS[which]
    energy = np.array([point.energy_mev for point in points])
    series = []
    for side in ("reference", "generated"):
        numbers = [getattr(getattr(point, which), side) for point in points]
        series.append(Series(*np.array([(one.value, one.error) for one in numbers]).T))
    curves = None
    fits: list[Any] = [None]
    if which != "mean":
        name = "resolution" if which == "width" else "core"
        fits = [getattr(found.reference, name), getattr(found.generated, name)]
    others = [format_energy(point.energy_mev) for point in points if not point.trained]
    notes = [f"not trained on: {', '.join(others)}"] if others and which == "mean" else []
    if None not in fits:
        at = np.geomspace(energy.min(), energy.max(), 100)
        curves = (at / 1e3, fits[0].width(at), fits[1].width(at))
        notes += [
            f"{word}: {_terms(fit)}" for word, fit in zip(("ref.", "gen."), fits, strict=True)
        ]
    return Panel(
        title, "incident energy / GeV", label, energy / 1e3, series[0], series[1], log_x=True,
        log_y=which != "mean", notes=tuple(notes), curves=curves,
    )  # fmt: skip


def _terms(fit: Any) -> str:
    parts = [f"{_percent(fit.stochastic)} /√E"]
    if fit.noise is not None:
        parts.append(f"{_percent(fit.noise)} /E")
    told = f"({' ⊕ '.join([*parts, _percent(fit.constant)])}) %"
    return told if fit.fits else f"{told}, does not fit"


def _percent(term: Any) -> str:
    return f"{100 * term.value:.2f} ± {100 * term.error:.2f}"


figures.register("energy-response")(
    Figure("response and resolution against energy", never_missing, pictures)
)
