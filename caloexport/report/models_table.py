"""Several models side by side, as tables for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from caloexport.report.checks_table import explained
from caloexport.report.distance_table import CAPTION as FLOOR
from caloexport.report.distance_table import place_of_one, reasons_of, written
from caloexport.report.energy_table import with_error
from caloexport.validation.checks import FAIL, NOT_APPLICABLE, Finding
from caloexport.validation.distances import DistanceResult
from caloexport.validation.energy_response import Number
from caloexport.validation.models_compared import BETTER, MetricRow, ModelsCompared, Score

if TYPE_CHECKING:
    from rich.table import Table

#: before the number of the best model: letters may come out without their weight
BEST = "*"
CAPTION = (
    f"mean distance from the reference over windows, and the worst window with its sign.  {BEST} nearer "
    f"than every other model by more than {BETTER:g} errors.  floor: of alike samples of these sizes"
)


def metrics_of_models(found: ModelsCompared) -> Table:
    """Return two rows for each metric, the mean over windows and the worst of them."""
    table = _table("distance from the reference", ("metric", "floor", *found.verdicts))
    for row in found.rows:
        scores = [row.scores.get(name) for name in found.verdicts]
        means = [
            _mean(score, name == row.best)
            for score, name in zip(scores, found.verdicts, strict=True)
        ]
        table.add_row(title_of(row), floor_of(row), *means)
        if any(score is not None and score.windows > 1 for score in scores):
            table.add_row("  worst", "", *map(_worst, scores))
    table.caption = CAPTION
    table.caption_justify = "left"
    return table


def tables_of_models(found: ModelsCompared) -> list[Table]:
    """Return all tables."""
    return [metrics_of_models(found), *distances_of_models(found), checks_of_models(found)]


def failures_of_models(found: ModelsCompared) -> list[str]:
    """Explain each check that a model failed, in lines that name the models."""
    failed: dict[str, list[str]] = {}
    for name, verdict in found.verdicts.items():
        for code, one in verdict.findings.items():
            if one.status == FAIL:
                failed.setdefault(code, []).append(name)
    return [line for code in sorted(failed) for line in explained(code, ", ".join(failed[code]))]


def checks_of_models(found: ModelsCompared) -> Table:
    """Return a row for each check, and the verdicts below."""
    verdicts = found.verdicts
    table = _table("checks", ("check", "required", *verdicts))
    first = next(iter(verdicts.values()))
    for code, demand in first.demands.items():
        cells = [_finding(verdict.findings[code]) for verdict in verdicts.values()]
        table.add_row(code, "yes" if demand.required else "no", *cells)
    answers = ("pass" if verdict.passed else "fail" for verdict in verdicts.values())
    table.add_section()
    table.add_row("verdict", "", *answers, style="bold")
    return table


def distances_of_models(found: ModelsCompared) -> list[Table]:
    """Return the distances of all models, and their places among published results; as asked for."""
    verdicts = found.verdicts
    tables = []
    told = {
        name: {one.name: one for one in verdict.distances} for name, verdict in verdicts.items()
    }
    numbers = dict.fromkeys(number for results in told.values() for number in results)
    if numbers:
        table = _table("distances of whole showers", ("distance", "floor", *verdicts))
        for number in numbers:
            having = [results.get(number) for results in told.values()]
            floor = floor_of_distance([one for one in having if one is not None])
            cells = ["" if one is None else written(one.value, one.error) for one in having]
            table.add_row(number.replace("_", " "), floor, *cells)
        table.caption, table.caption_justify = FLOOR, "left"
        tables.append(table)
    if any(verdict.published for verdict in verdicts.values()):
        tables.append(_places(found))
    return tables


def _places(found: ModelsCompared) -> Table:
    placed = {
        name: {one.name: one for one in verdict.published.standings} if verdict.published else {}
        for name, verdict in found.verdicts.items()
    }
    table = _table("place among published results", ("number", *found.verdicts))
    for number in dict.fromkeys(one for standings in placed.values() for one in standings):
        having = [standings.get(number) for standings in placed.values()]
        table.add_row(
            number.replace("_", " "), *("" if one is None else place_of_one(one) for one in having)
        )
    every = [one for standings in placed.values() for one in standings.values()]
    table.caption, table.caption_justify = reasons_of(every), "left"
    return table


def title_of(row: MetricRow) -> str:
    """Name what a row tells: of a ratio, what it differs from 1 by."""
    name = row.metric.replace("_", " ")
    return f"{name} - 1" if row.ideal else name


def floor_of(row: MetricRow) -> str:
    """Write the floor of a row; models of which more showers were made have lower ones."""
    floors = sorted(score.floor for score in row.scores.values() if score.floor is not None)
    if not floors:
        return ""
    ends = dict.fromkeys(f"{floor:.2g}" for floor in (floors[0], floors[-1]))
    return " to ".join(ends)


def floor_of_distance(results: Sequence[DistanceResult]) -> str:
    """Write the floor of a distance, or the ends of several: samples of other sizes have others."""
    told = sorted((one.floor, one.floor_error) for one in results if math.isfinite(one.floor))
    ends = dict.fromkeys(written(*one) for one in (told[:1] + told[-1:]))
    return " to ".join(ends)


def _mean(score: Score | None, best: bool) -> str:
    if score is None:
        return ""
    return _starred(with_error(Number(score.mean, score.error)), best)


def _starred(text: str, best: bool) -> str:
    return f"[bold]{BEST} {text}[/bold]" if best else text


def _worst(score: Score | None) -> str:
    if score is None:
        return ""
    return with_error(Number(score.worst, score.worst_error))


def _finding(found: Finding) -> str:
    if found.status == NOT_APPLICABLE or found.value is None:
        return found.status
    return f"{found.status} {with_error(Number(found.value, found.error))}"


def _table(title: str, headings: tuple[str, ...]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
        header_style="bold",
    )  # fmt: skip
    for number, heading in enumerate(headings):
        left = number == 0 or heading == "required"
        table.add_column(escape(heading), justify="left" if left else "right")
    return table
