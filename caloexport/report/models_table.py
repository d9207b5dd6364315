"""Several models side by side, as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caloexport.report.energy_table import with_error
from caloexport.validation.checks import NOT_APPLICABLE, Finding
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


def _mean(score: Score | None, best: bool) -> str:
    if score is None:
        return ""
    text = with_error(Number(score.mean, score.error))
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
