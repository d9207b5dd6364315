"""The rule by which a measured difference passes, fails or stays undecided.

A difference fails where it exceeds its threshold by more than chance explains, and passes where it does not
exceed it and the samples are large enough to have seen a failure (:mod:`caloexport.validation.deciding`).
What chance explains are some standard errors; how many depends on how many differences are looked at
(:mod:`caloexport.validation.significance`). Everything else is undecided, and the number of showers is told
that a decision takes.

A distance, which is never negative, is above zero for samples of one law too, on average by its floor; only
what it exceeds that by is held against the threshold, which by the triangle inequality is no more than what
truly differs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from caloexport.validation.checks import FAIL, NOT_APPLICABLE, PASS, UNDECIDED, Compared, Finding
from caloexport.validation.deciding import Answer
from caloexport.validation.measured_difference import (
    Kind,
    MeasuredDifference,
    average_of,
    measured_in,
    place_of,
)

__all__ = ["NO_COMMON_WINDOW", "Kind", "judge_whole", "judge_windows", "place_of", "tells"]

NO_COMMON_WINDOW = "no window has showers of both samples"
NOT_MEASURED = "a sample with cells that are no energies is not measured"
EMPTY = "the generated showers are empty"
NO_SUCH_METRIC = "cells of this mesh have no such number"
TOO_FEW = "too few showers"
#: showers that nobody makes: of a difference that is nearly its limit, no number is told
MANY = 1e6
_STATUS: dict[Answer, str] = {"yes": PASS, "no": FAIL, "too few showers": UNDECIDED}
_RANK = {FAIL: 2, UNDECIDED: 1, PASS: 0}


def judge_windows(compared: Compared, metric: str, threshold: float, kind: Kind) -> Finding:
    """Judge a metric in every window of the incident energy and over all of them, and return the worst.

    One window that fails is a failure. Where a window has too few showers to tell, the average over
    all windows decides, which is more exact, if the windows agree with one another.

    Args:
        compared: windows with metrics.
        metric: name.
        threshold: largest difference.
        kind: of the metric.
    """
    if tells(compared, metric):
        windows = [window for window in compared.windows if metric in window["metrics"]]
        measured = [measured_in(window, metric, kind) for window in windows]
        return _judge_each(measured, threshold, compared)
    if compared.empty:
        return Finding(NOT_APPLICABLE, where=EMPTY)
    some = any(window["metrics"] for window in compared.windows)
    return Finding(NOT_APPLICABLE, where=NO_SUCH_METRIC if some else _nothing(compared))


def judge_whole(compared: Compared, metric: str, threshold: float, kind: Kind) -> Finding:
    """Judge a metric of the whole sample, the worst of its angles where it is told for each.

    Args:
        compared: with the metrics of the whole; cells that cannot have the metric are told apart
            before.
        metric: name.
        threshold: largest difference.
        kind: of the metric.
    """
    entries = [entry for entry in compared.whole if metric in entry["metrics"]]
    if entries:
        measured = [measured_in(entry, metric, kind) for entry in entries]
        return _judge_each(measured, threshold, compared)
    if not compared.whole:
        return Finding(NOT_APPLICABLE, where=_nothing(compared))
    if compared.empty:
        return Finding(NOT_APPLICABLE, where=EMPTY)
    return Finding(UNDECIDED, where=TOO_FEW)


def _nothing(compared: Compared) -> str:
    return NOT_MEASURED if compared.unsound else NO_COMMON_WINDOW


def tells(compared: Compared, metric: str) -> bool:
    """Say whether any window of the incident energy has a metric."""
    return any(metric in window["metrics"] for window in compared.windows)


def _judge_each(
    measured: Sequence[MeasuredDifference], threshold: float, compared: Compared
) -> Finding:
    worst, _ = max(
        ((_judge(one, threshold, compared), one.size) for one in measured),
        key=lambda pair: (_RANK[pair[0].status], pair[1]),
    )
    if worst.status != UNDECIDED:
        return worst
    average = average_of(measured)
    return worst if average is None else _judge(average, threshold, compared)


def _judge(one: MeasuredDifference, threshold: float, compared: Compared) -> Finding:
    status = _STATUS[one.answer(threshold, compared.comparisons)]
    limit = threshold + (one.floor or 0.0 if one.kind == "distance" else 0.0)
    where, needed = one.place, None
    if status == UNDECIDED:
        where = f"{where}, {TOO_FEW}"
        times = one.times_showers(threshold, compared.comparisons)
        if times is not None and times * compared.showers < MANY:
            needed = _rounded_up(times * compared.showers)
    return Finding(status, one.value, one.error, where, one.floor, limit, needed)


def _rounded_up(count: float) -> int:
    """Return a number of showers with two digits, more than which an extrapolation does not tell.

    >>> _rounded_up(1234.0), _rounded_up(7.2)
    (1300, 8)
    """
    unit = 10 ** max(0, math.floor(math.log10(count)) - 1)
    return math.ceil(count / unit) * unit
