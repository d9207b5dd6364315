"""The tables of a report: checks, metrics with their floors, response and resolution, placement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caloexport.report.distance_table import distance_table, places_table
from caloexport.report.energy_table import energy_tables
from caloexport.report.metrics_table import names_in
from caloexport.report.placement_table import placement_table
from caloexport.runtime.mesh import Mesh
from caloexport.validation.checks import FAIL
from caloexport.validation.judging import place_of
from caloexport.validation.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table as RichTable


@dataclass(frozen=True)
class Column:
    """Heading of a column, and whether it holds numbers."""

    heading: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table for the page; cells are texts, and a row of a single one is a heading over columns."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""


def page_tables(verdict: Verdict, mesh: Mesh) -> dict[str, Any]:
    """Return the tables by name; those of the response may be none."""
    told = verdict.to_json()
    placement = verdict.placement
    return {
        "checks": [check_row(check) for check in told["checks"]],
        "failed": [check_row(check) for check in told["checks"] if check["status"] == FAIL],
        "metrics": metrics_table([*verdict.windows, *verdict.whole]),
        "response": [of_rich(one) for one in energy_tables(verdict.energy)]
        if verdict.energy is not None and verdict.energy.points
        else [],
        "distances": of_rich(distance_table(verdict.distances)) if verdict.distances else None,
        "published": None
        if verdict.published is None
        else of_rich(places_table(verdict.published)),
        "placement": None if placement is None else of_rich(placement_table(placement, mesh)),
    }


def check_row(check: dict[str, Any]) -> dict[str, str]:
    """Return a check as texts."""
    value, error, limit = check["value"], check["error"], check["limit"]
    needed = check["showers_needed"]
    figure = "" if value is None else f"{value:.4g}"
    if error is not None:
        figure += f" ± {error:.2g}"
    return {
        "code": check["code"],
        "title": check["title"],
        "status": check["status"],
        # written only where a failure does not decide
        "required": "" if check["required"] else "not required",
        "needed": "" if needed is None else f"takes about {needed:,} showers",
        "figure": figure,
        "threshold": f"{check['threshold'] if limit is None else limit:.3g}",
        "where": check["where"],
        "why": check["why"],
        "cause": check["cause"],
        "picture": check["figure"],
    }


def metrics_table(windows: Sequence[Any]) -> Table:
    """Return every metric in every window, of all energies and angles, with its error and floor."""
    columns = (
        Column("metric"), Column("value", True), Column("error", True), Column("floor", True),
    )  # fmt: skip
    rows: list[Sequence[str]] = []
    for window in windows:
        counts = f"{window['n_reference']:,} and {window['n_generated']:,} showers"
        rows.append((f"{place_of(window)}: {counts}",))
        for name, estimate in (
            (name, window["metrics"].get(name, {})) for name in names_in(window)
        ):
            figures = (_figure(estimate.get(key)) for key in ("value", "error", "floor"))
            rows.append((name.replace("_", " "), *figures))
    caption = (
        "showers: of the reference and of the generated sample. floor: what samples of these sizes "
        "would differ by if they were alike"
    )
    return Table("metrics", columns, rows, caption)


def of_rich(table: RichTable) -> Table:
    """Return a table of the terminal as one of the page."""
    from rich.text import Text

    def plain(cell: Any) -> str:
        return "" if cell is None else Text.from_markup(str(cell)).plain

    columns = [Column(plain(one.header), one.justify == "right") for one in table.columns]
    cells = [[plain(cell) for cell in column.cells] for column in table.columns]
    rows = list(zip(*cells, strict=True))
    return Table(plain(table.title), columns, rows, plain(table.caption))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if value < 0.1 else f"{value:.4f}"
