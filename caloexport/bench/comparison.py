"""Two results of the bench side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caloexport.bench.results import Result, Results
from caloexport.runtime.errors import UsageError

SCHEMA = "caloexport.bench-comparison/1"


@dataclass(frozen=True)
class Comparison:
    """One row that both results have.

    Attributes:
        before_us, after_us: medians of the whole path; of a peer, of the network.
        ratio: after over before; below 1 became faster.
        apart: whether the ranges from p10 to p90 are apart, so that noise does not explain it.
        network_ratio: of the medians of the network alone.
        times_limit_before, times_limit_after: ratios to the bandwidth limit, where they are told.
        private_mb_before, private_mb_after: memory that was added, where it is told.
    """

    workload: str
    backend: str
    precision: str
    batch: int
    cache: str
    before_us: float
    after_us: float
    ratio: float
    apart: bool
    network_ratio: float
    times_limit_before: float | None
    times_limit_after: float | None
    private_mb_before: float | None
    private_mb_after: float | None


def compare_results(before: Results, after: Results) -> list[Comparison]:
    """Pair the rows of two results.

    Raises:
        UsageError: they have no row in common.
    """
    earlier = {row.key: row for row in before.rows}
    pairs = [(earlier[row.key], row) for row in after.rows if row.key in earlier]
    if not pairs:
        message = "the two results have no workload, backend, batch and cache in common"
        raise UsageError(message)
    return [_compare(old, new) for old, new in pairs]


def _compare(old: Result, new: Result) -> Comparison:
    (before, low, high), (after, new_low, new_high) = _span(old), _span(new)
    apart = new_low > high or new_high < low
    return Comparison(
        *new.key,
        before_us=before,
        after_us=after,
        ratio=after / before,
        apart=apart,
        network_ratio=new.network_median_us / old.network_median_us,
        times_limit_before=old.times_limit,
        times_limit_after=new.times_limit,
        private_mb_before=old.private_mb,
        private_mb_after=new.private_mb,
    )


def _span(row: Result) -> tuple[float, float, float]:
    """Return median, p10 and p90 of the whole path; of a peer, of the network."""
    if row.median_us is None or row.p10_us is None or row.p90_us is None:
        high = row.network_p90_us
        middle = row.network_median_us
        return middle, row.network_p10_us, middle if high is None else high
    return row.median_us, row.p10_us, row.p90_us


def same_machine(before: Results, after: Results) -> bool:
    """Say whether both ran on the same kind of machine."""
    return all(before.machine.get(key) == after.machine.get(key) for key in ("cpu", "cores"))


def to_json(before: Results, after: Results) -> dict[str, Any]:
    """Return the comparison as JSON."""
    rows = [vars(row) for row in compare_results(before, after)]
    return {"schema": SCHEMA, "same_machine": same_machine(before, after), "results": rows}
