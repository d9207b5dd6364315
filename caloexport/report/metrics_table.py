"""The metrics of a comparison, as a table for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caloexport.validation.judging import place_of
from caloexport.validation.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table

#: from here on digits after the point tell nothing
MUCH = 1e5


def metrics_table(verdict: Verdict) -> Table:
    """Return the metrics, a row for each in each window."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("energy", "reference", "generated", "metric", "value", "error", "floor"):
        table.add_column(heading, justify="left" if heading in ("energy", "metric") else "right")
    for window in [*verdict.windows, *verdict.whole]:
        ends = place_of(window)
        counts = (str(window["n_reference"]), str(window["n_generated"]))
        for i, name in enumerate(names_in(window)):
            estimate = window["metrics"].get(name, {})
            figures = (_figure(estimate.get(key)) for key in ("value", "error", "floor"))
            head = (ends, *counts) if i == 0 else ("", "", "")
            table.add_row(*head, name.replace("_", " "), *figures)
    table.caption = "floor: what samples of these sizes would differ by if they were alike"
    table.caption_justify = "left"
    return table


def names_in(window: Mapping[str, Any]) -> list[str]:
    """Name the metrics of a window, or say why there is none."""
    if window["metrics"]:
        return list(window["metrics"])
    few = "too few" if min(window["n_reference"], window["n_generated"]) else "no"
    return [f"none: {few} showers"]


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if 0.1 <= value < MUCH else f"{value:.3g}"
