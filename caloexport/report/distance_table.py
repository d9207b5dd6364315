"""Distances of whole showers as a table for people, and where they stand among published ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from caloexport.report.energy_table import with_error
from caloexport.validation.distances import DistanceResult
from caloexport.validation.energy_response import Number
from caloexport.validation.published import PublishedTable
from caloexport.validation.standing import LEVEL, Places, Standing

if TYPE_CHECKING:
    from rich.table import Table

CAPTION = "floor: the same between samples of the reference's own law"


def distance_table(results: Sequence[DistanceResult]) -> Table:
    """Return a row for each distance."""
    table = _table("distances of whole showers")
    for heading in ("distance", "value", "floor", "showers", "by"):
        table.add_column(heading, justify="right" if heading in ("value", "floor") else "left")
    for one in results:
        table.add_row(
            one.name.replace("_", " "),
            written(one.value, one.error),
            written(one.floor, one.floor_error),
            f"{one.n_reference}, {one.n_generated}",
            f"{one.n_features} {one.features}",
        )
    table.caption = ".  ".join([CAPTION, *notes_of(results)])
    return table


def notes_of(results: Iterable[DistanceResult]) -> list[str]:
    """Return each note once, behind the distances that it is about.

    >>> from dataclasses import replace
    >>> result = DistanceResult("recall", 0.7, 0.1, 0.8, 0.1, 9, 9, "cells", 6, notes=("of 4",))
    >>> notes_of([result, replace(result, name="auc_low"), replace(result, notes=())])
    ['recall, auc low: of 4']
    """
    about: dict[str, list[str]] = {}
    for one in results:
        for note in one.notes:
            about.setdefault(note, []).append(one.name.replace("_", " "))
    return [f"{', '.join(names)}: {note}" for note, names in about.items()]


def places_table(found: Places) -> Table:
    """Return a row for each number that has published ones."""
    table = _table(f"among {len(found.table.models)} models on {found.table.title}")
    for heading in ("number", "value", "place", "next better", "next worse"):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    table.add_column("Geant4 itself", justify="right")
    for one in found.standings:
        table.add_row(
            one.name.replace("_", " "),
            written(one.value, one.error),
            place_of_one(one),
            _model(found.table, one.better, one.name),
            _model(found.table, one.worse, one.name),
            "" if one.floor is None else written(one.floor, one.floor_error or math.nan),
        )
    level = [
        f"{one.name.replace('_', ' ')} level with: {', '.join(one.level)}"
        for one in found.standings
        if one.level
    ]
    table.caption = ".  ".join([*level, reasons_of(found.standings)])
    return table


def written(value: float, error: float) -> str:
    """Write a number with its error, as far as they are numbers.

    >>> written(0.01234, 0.0007), written(float("nan"), float("nan")), written(0.5, float("nan"))
    ('0.01234 ± 0.00070', '', '0.5')
    """
    if not math.isfinite(value):
        return ""
    return with_error(Number(value, error if math.isfinite(error) else None))


def reasons_of(standings: Iterable[Standing]) -> str:
    """Say below places what level means, and why those with a star do not compare."""
    reasons = dict.fromkeys(reason for one in standings for reason in one.departures)
    told = f"* not comparable: {'; '.join(reasons)}.  " if reasons else ""
    return f"{told}level: within {LEVEL:g} errors"


def place_of_one(one: Standing) -> str:
    """Write a place, or the places that models within errors share; a star where it says little."""
    last = one.rank + len(one.level)
    ranks = f"{one.rank}" if last == one.rank else f"{one.rank} to {last}"
    return f"{ranks} of {one.models + 1}{' *' if one.departures else ''}"


def _model(table: PublishedTable, name: str | None, number: str) -> str:
    if name is None:
        return "none"
    [model] = [one for one in table.models if one.name == name]
    return f"{name} {model.numbers[number]:.4g}"


def _table(title: str) -> Table:
    from rich.table import Table

    return Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
        header_style="bold", caption_justify="left",
    )  # fmt: skip
