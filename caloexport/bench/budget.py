"""The budget rule: the 99th percentile of the whole path, per shower, in every row."""

from __future__ import annotations

from collections.abc import Sequence

from caloexport.bench.results import Result
from caloexport.bench.statistics import Figures
from caloexport.runtime.errors import AnswerIsNo, UsageError

#: of fewer calls, the slowest hundredth is chance
LEAST_CALLS = 2000


def within_budget(shower: Figures, budget_ms: float) -> bool | None:
    """Say whether a budget is kept; None of too few calls to know.

    Args:
        shower: figures of the whole path.
        budget_ms: allowed at the 99th percentile.
    """
    return None if shower.calls < LEAST_CALLS else shower.p99 <= 1000 * budget_ms


def judged_rows(rows: Sequence[Result], backends: Sequence[str]) -> list[Result]:
    """Return the rows of some backends that have a whole path to judge."""
    return [row for row in rows if row.backend in backends and row.p99_us is not None]


def require_budget(rows: Sequence[Result], backends: Sequence[str], budget_ms: float) -> None:
    """Check the rows of some backends.

    Args:
        rows: what was measured.
        backends: that must keep the budget; the others, and peers, are for comparison.
        budget_ms: allowed at the 99th percentile.

    Raises:
        AnswerIsNo: with the rows that are over, or have too few calls for a verdict.
        UsageError: none of the rows can be judged.
    """
    judged = judged_rows(rows, backends)
    if not judged:
        message = (
            f"nothing to judge: {', '.join(backends)} has no whole path from conditions to MeV"
        )
        raise UsageError(message, hint="name one of our backends with --backend, such as numba")
    over = [row for row in judged if row.within_budget is False]
    if over:
        listing = "; ".join(f"{place_of(row)}: {(row.p99_us or 0) / 1000:.3g} ms" for row in over)
        message = f"over the budget of {budget_ms:g} ms at the 99th percentile: {listing}"
        raise AnswerIsNo(message, hint="a busy machine? repeat, or look at the medians")
    unknown = [row for row in judged if row.within_budget is None]
    if unknown:
        listing = "; ".join(f"{place_of(row)}: {row.calls}" for row in unknown)
        message = f"no verdict on {budget_ms:g} ms from fewer than {LEAST_CALLS} calls: {listing}"
        raise AnswerIsNo(message)


def place_of(row: Result) -> str:
    """Return what a row is about, in words.

    Float32 goes without saying.
    """
    who = row.backend if row.precision == "float32" else row.name
    return f"{who} on {row.workload}, batch {row.batch}, {row.cache}"
