"""Tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from caloexport.bench.comparison import Comparison
from caloexport.bench.results import Result, Results

HEADINGS = (
    "backend", "shower µs", "p10", "p90", "p99", "network µs", "× limit", "× ORT", "MB",
    "import s", "first s", "budget",
)  # fmt: skip
LEGEND = (
    "shower: conditions in, MeV out, noise included, median per shower · network: its input to "
    "its output alone\n× limit: network time over the time to read the weights once · × ORT: how "
    "much faster the network is than with ONNX Runtime\nMB: resident memory above the imported "
    "libraries · first s: from there to the first shower"
)


def tables(results: Results) -> Iterator[Any]:
    """Yield one table per workload, batch and cache state, and a legend."""
    for (workload, batch, cache), rows in groupby(results.rows, title_of):
        yield table(f"{workload}, batch {batch}, {cache}", list(rows))
    yield LEGEND


def title_of(row: Result) -> tuple[str, int, str]:
    """Return what the rows of one table share."""
    return row.workload, row.batch, row.cache


def table(title: str, rows: Sequence[Result]) -> Any:
    """Return a rich table."""
    from rich.table import Table

    limit = rows[0].limit_us
    note = "" if limit is None else f" (limit {limit:.1f} µs)"
    drawn = Table(title=title + note, title_justify="left")
    for heading in HEADINGS:
        drawn.add_column(heading, justify="left" if heading == "backend" else "right")
    for row in rows:
        drawn.add_row(*cells(row))
    return drawn


def cells(row: Result) -> tuple[str, ...]:
    """Return the texts of a row."""
    verdict = {None: "–", True: "ok", False: "over"}[row.within_budget]
    return (
        row.backend if row.precision == "float32" else f"{row.backend} {row.precision}",
        *(number(v) for v in (row.median_us, row.p10_us, row.p90_us, row.p99_us)),
        number(row.network_median_us),
        number(row.times_limit, 2),
        number(row.speedup, 2),
        number(row.rss_mb),
        number(row.import_s, 2),
        number(row.first_shower_s, 2),
        verdict,
    )


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with fixed digits, or a dash."""
    return "–" if value is None else f"{value:.{digits}f}"


def comparison_table(rows: Sequence[Comparison]) -> Any:
    """Return the table of a comparison."""
    from rich.table import Table

    drawn = Table()
    for heading in ("workload", "backend", "batch", "cache", "before µs", "after µs", "ratio", ""):
        drawn.add_column(heading, justify="right" if heading[:1] in "bar" else "left")
    for row in rows:
        word = "" if not row.apart else ("slower" if row.ratio > 1 else "faster")
        drawn.add_row(
            row.workload, row.backend, str(row.batch), row.cache, number(row.before_us),
            number(row.after_us), number(row.ratio, 2), word,
        )  # fmt: skip
    return drawn
