"""Limits that nobody beats: a probe slower than a backend's own reading proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from caloexport.bench.results import Result

#: a backend that takes less than this share of the limit contradicts the probe
CREDIBLE = 0.97


def credible(rows: Sequence[Result]) -> list[Result]:
    """Return the rows, without the limits of rounds in which somebody beat the probe.

    Such rounds say that the machine was disturbed while the probe read, or that a backend did
    not read all of its weights. Then no ratio to the limit of the same workload, batch and cache
    state is told, only why not.
    """
    kept: list[Result] = []
    for _, group in groupby(rows, lambda row: (row.workload, row.batch, row.cache)):
        same = list(group)
        faster = [row for row in same if row.times_limit is not None and row.times_limit < CREDIBLE]
        kept += [without_limit(row, faster) for row in same] if faster else same
    return kept


def without_limit(row: Result, faster: Sequence[Result]) -> Result:
    """Return a row whose limit is replaced by the reason why it has none."""
    if row.limit_us is None:
        return row
    names = ", ".join(f"{one.name} ({one.times_limit:.2f} times the limit)" for one in faster)
    return replace(
        row,
        limit_us=None,
        times_limit=None,
        times_limit_p10=None,
        times_limit_p90=None,
        limit_valid=False,
        limit_note=f"beaten by {names}: the probe was disturbed, or not all weights were read",
    )
