"""Tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from caloexport.bench.agreement import family_of
from caloexport.bench.comparison import Comparison
from caloexport.bench.results import Result, Results

HEADINGS = (
    "backend", "shower µs", "p10", "p90", "p99", "network µs", "× limit", "× ORT", "overhead µs",
    "private MB", "shared MB", "import s", "first s", "budget",
)  # fmt: skip
LEGEND = (
    "shower: conditions in, MeV out, noise included, median per shower · network: its input to "
    "its output alone\n× limit: network time over the time to read its weights once · × ORT: how "
    "much faster the network is than in ONNX Runtime, float32; both with p10 to p90 of the rounds\n"
    "overhead: of a call, outside of compiled kernels · private, shared: memory above the imported "
    "libraries, shared being mapped files · first s: from there to the first shower"
)


COMPARED = (
    "workload", "backend", "batch", "cache", "before µs", "after µs", "ratio", "network ratio",
    "× limit before", "× limit after", "",
)  # fmt: skip


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

    drawn = Table(title=title, title_justify="left", caption=limit_caption(rows))
    drawn.caption_justify = "left"
    for heading in HEADINGS:
        drawn.add_column(heading, justify="left" if heading == "backend" else "right")
    for row in rows:
        drawn.add_row(*cells(row))
    return drawn


def limit_caption(rows: Sequence[Result]) -> str | None:
    """Return the limits of the precisions in the rows, or why there are none."""
    for row in rows:
        if row.limit_note is not None:
            return f"no limit: {row.limit_note}"
    limits = {family_of(row.precision): row.limit_us for row in rows if row.limit_us is not None}
    found = ", ".join(f"{family} {limit:.1f} µs" for family, limit in limits.items())
    return f"limit: {found}" if found else None


def who(row: Result) -> str:
    """Return a backend or peer with its precision, unless that is float32."""
    return row.backend if row.precision == "float32" else row.name


def cells(row: Result) -> tuple[str, ...]:
    """Return the texts of a row."""
    return (
        who(row),
        *(number(v) for v in (row.median_us, row.p10_us, row.p90_us, row.p99_us)),
        number(row.network_median_us),
        ratio_text(row.times_limit, row.times_limit_p10, row.times_limit_p90),
        ratio_text(row.speedup, row.speedup_p10, row.speedup_p90),
        number(row.overhead_us),
        number(row.rss_mb if row.private_mb is None else row.private_mb),
        number(row.shared_mb),
        number(row.import_s, 2),
        number(row.first_shower_s, 2),
        verdict(row),
    )


def verdict(row: Result) -> str:
    """Return whether a row keeps the budget, in a word."""
    return {None: "–", True: "ok", False: "over"}[row.within_budget]


def ratio_text(median: float | None, low: float | None, high: float | None) -> str:
    """Return a ratio with its percentiles, as far as they are known.

    >>> ratio_text(1.234, 1.1, 1.5), ratio_text(1.2, None, None), ratio_text(None, None, None)
    ('1.23 (1.10–1.50)', '1.20', '–')
    """
    if low is None or high is None:
        return number(median, 2)
    return f"{number(median, 2)} ({number(low, 2)}–{number(high, 2)})"


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with fixed digits, or a dash."""
    return "–" if value is None else f"{value:.{digits}f}"


def comparison_table(rows: Sequence[Comparison]) -> Any:
    """Return the table of a comparison."""
    from rich.table import Table

    drawn = Table()
    for heading in COMPARED:
        drawn.add_column(heading, justify="right" if heading[:1] in "arn×" else "left")
    for row in rows:
        word = "" if not row.apart else ("slower" if row.ratio > 1 else "faster")
        name = row.backend if row.precision == "float32" else f"{row.backend} {row.precision}"
        limits = (row.times_limit_before, row.times_limit_after)
        drawn.add_row(
            row.workload, name, str(row.batch), row.cache, number(row.before_us),
            number(row.after_us), number(row.ratio, 2), number(row.network_ratio, 2),
            *(number(one, 2) for one in limits), word,
        )  # fmt: skip
    return drawn
