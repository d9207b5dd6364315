"""The budget rule: the 99th percentile of the whole path, per shower, in every row."""

from __future__ import annotations

from collections.abc import Sequence

from caloexport.bench.results import Result
from caloexport.runtime.errors import AnswerIsNo


def require_budget(rows: Sequence[Result], backends: Sequence[str], budget_ms: float) -> None:
    """Check the rows of some backends.

    Args:
        rows: what was measured.
        backends: that must keep the budget; the others are for comparison.
        budget_ms: allowed at the 99th percentile.

    Raises:
        AnswerIsNo: with the rows that are over.
    """
    over = [row for row in rows if row.backend in backends and row.within_budget is False]
    if over:
        listing = "; ".join(
            f"{row.backend} on {row.workload}, batch {row.batch}, {row.cache}: "
            f"{row.p99_us / 1000:.3g} ms"
            for row in over
            if row.p99_us is not None
        )
        message = f"over the budget of {budget_ms:g} ms at the 99th percentile: {listing}"
        raise AnswerIsNo(message, hint="a busy machine? repeat, or look at the medians")
