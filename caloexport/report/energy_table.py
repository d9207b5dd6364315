"""Energy response and resolution at every energy, as tables for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caloexport.runtime.units import format_energy
from caloexport.validation.energy_response import (
    Compared,
    Curves,
    EnergyPoint,
    EnergyResponse,
    Number,
)
from caloexport.validation.estimate import Estimate
from caloexport.validation.resolution_fit import ResolutionFit

if TYPE_CHECKING:
    from rich.table import Table

#: a smaller part of a number is not its error
ROUNDING = 1e-12
HEADINGS = ("energy", "reference", "generated", "ratio", "floor", "alike within", "showers")
CAPTION = (
    "* not trained on.  alike within x %: |ratio - 1| ≤ x % + 2σ, where σ < x/2; all errors σ from "
    "bootstrap.  floor: |ratio - 1| of samples of these sizes if they were alike.  the law does not fit: χ² "
    "has a chance below 0.001, and the errors of the terms are scaled by √(χ²/ndf)"
)


def energy_tables(found: EnergyResponse) -> list[Table]:
    """Return tables of the response, the resolution, its core, and the curves through them."""
    tables = [
        _points(found.points, "mean", "mean of E/E_inc"),
        _points(found.points, "width", "resolution σ(E)/⟨E⟩"),
        _points(
            found.points,
            "core",
            "core of the resolution: half of the central 68 %, over the median",
        ),
    ]
    if found.reference.slope is not None or found.reference.resolution is not None:
        tables.append(_curves(found.reference, found.generated))
    tables[-1].caption = CAPTION
    tables[-1].caption_justify = "left"
    return tables


def _points(points: tuple[EnergyPoint, ...], which: str, title: str) -> Table:
    table = _table(title, HEADINGS)
    for point in points:
        compared: Compared = getattr(point, which)
        table.add_row(
            format_energy(point.energy_mev) + ("" if point.trained else " *"),
            with_error(compared.reference),
            with_error(compared.generated),
            with_error(compared.ratio),
            _floor(compared.ratio),
            f"{100 * compared.limit:g} %: {compared.within}",
            f"{point.n_reference}, {point.n_generated}",
        )
    return table


def _curves(reference: Curves, generated: Curves) -> Table:
    table = _table("σ/E = a/√E ⊕ b/E ⊕ c, E in GeV", ("", "reference", "generated"))
    sides = (reference, generated)
    for which, words in (("resolution", "resolution"), ("core", "core")):
        fits = [getattr(side, which) for side in sides]
        if any(fit is None for fit in fits):
            continue
        for letter, name in (("a", "stochastic"), ("b", "noise"), ("c", "constant")):
            terms = [getattr(fit, name) for fit in fits]
            if None not in terms:
                numbers = [Number(term.value, term.error) for term in terms]
                table.add_row(f"{words}: {letter}", *map(_term, numbers))
        table.add_row(f"{words}: χ²/ndf", *map(_goodness, fits))
    if all(side.slope is not None for side in sides):
        slopes = [with_error(side.slope, percent=True) for side in sides]
        table.add_row("mean: change per factor 10 in E", *slopes)
    return table


def _goodness(fit: ResolutionFit) -> str:
    """Write χ²/ndf, and say so where it is larger than chance allows."""
    told = f"{fit.chi2:.1f}/{fit.ndf}"
    return told if fit.fits else f"{told}: the law does not fit"


def _term(number: Number) -> str:
    """Write a term of the resolution; all bootstrap samples may agree on 0, the least it can be."""
    if number.value == 0 and not number.error:
        return "0 (at its limit)"
    return with_error(number, percent=True)


def _table(title: str, headings: tuple[str, ...]) -> Table:
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
        header_style="bold",
    )  # fmt: skip
    for heading in headings:
        numeric = heading in ("reference", "generated", "ratio", "floor")
        table.add_column(heading, justify="right" if numeric else "left")
    return table


def _floor(ratio: Estimate | None) -> str:
    return "" if ratio is None or ratio.floor is None else f"{ratio.floor:.2g}"


def with_error(number: Number | Estimate | None, *, percent: bool = False) -> str:
    """Write a number with two digits of its error.

    >>> with_error(Number(0.18107, 0.000083)), with_error(Number(0.0104, 0.0002), percent=True)
    ('0.181070 ± 0.000083', '1.040 ± 0.020 %')
    """
    if number is None:
        return ""
    factor, unit = (100.0, " %") if percent else (1.0, "")
    value = number.value * factor
    if not number.error or number.error < ROUNDING * abs(number.value):
        return f"{value:.4g}{unit}"
    error = number.error * factor
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:.{digits}f} ± {error:.{digits}f}{unit}"
