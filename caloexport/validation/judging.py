"""The rule by which a measured difference passes or fails.

A difference passes up to its threshold. Above, it fails, unless samples of this size from one law differ
as much: then nobody can tell. What chance explains is the floor and some errors on top, how many depends
on how many differences are looked at (:mod:`caloexport.validation.significance`). Of too few showers for
an error nobody can tell either, whatever the difference is.

A distance, which is never negative, is above zero for samples of one law too, on average by its floor;
only what it exceeds that by is held against the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal

from caloexport.runtime.units import format_energy
from caloexport.validation.checks import FAIL, NOT_APPLICABLE, PASS, Compared, Finding
from caloexport.validation.significance import errors_needed

#: what is told of a metric: ratios of alike samples are 1, shifts 0, and distances their floor
Kind = Literal["ratio", "shift", "distance"]

NO_COMMON_WINDOW = "no window has showers of both samples"
NO_SUCH_METRIC = "cells of this mesh have no such number"
#: difference of two samples that are the same, beside rounding
SAME = 1e-9
_RANK = {FAIL: 2, NOT_APPLICABLE: 1, PASS: 0}


def judge_windows(compared: Compared, metric: str, threshold: float, kind: Kind) -> Finding:
    """Judge a metric in every window of the incident energy and over all of them, and return the worst.

    One window that fails is a failure. A window that has too few showers to tell is none: there the
    average over all windows, which is more exact, decides.

    Args:
        compared: windows with metrics.
        metric: name.
        threshold: largest difference.
        kind: of the metric.
    """
    windows = [window for window in compared.windows if metric in window["metrics"]]
    if not windows:
        some = any(window["metrics"] for window in compared.windows)
        return Finding(NOT_APPLICABLE, where=NO_SUCH_METRIC if some else NO_COMMON_WINDOW)
    return _judge_each(windows, metric, threshold, kind, compared.comparisons)


def judge_whole(
    compared: Compared,
    metric: str,
    threshold: float,
    kind: Kind,
    missing: str = "too few showers",
) -> Finding:
    """Judge a metric of the whole sample, the worst of its angles where it is told for each.

    Args:
        compared: with the metrics of the whole.
        metric: name.
        threshold: largest difference.
        kind: of the metric.
        missing: why showers may not have the metric.
    """
    entries = [entry for entry in compared.whole if metric in entry["metrics"]]
    if entries:
        return _judge_each(entries, metric, threshold, kind, compared.comparisons)
    return Finding(NOT_APPLICABLE, where=missing if compared.whole else NO_COMMON_WINDOW)


def _judge_each(
    windows: Sequence[Mapping[str, Any]],
    metric: str,
    threshold: float,
    kind: Kind,
    comparisons: int,
) -> Finding:
    judge = partial(_judge, threshold=threshold, kind=kind, comparisons=comparisons)
    worst = _worst([judge(window, window["metrics"][metric]) for window in windows], kind)
    if worst.status != NOT_APPLICABLE or len(windows) == 1:
        return worst
    average = _average(windows, metric, kind)
    if average is None:
        return worst
    together = judge(average, average["metrics"][metric])
    return together if together.status != NOT_APPLICABLE else worst


def _worst(findings: Sequence[Finding], kind: Kind) -> Finding:
    usual = 1.0 if kind == "ratio" else 0.0
    return max(findings, key=lambda one: (_RANK[one.status], abs((one.value or 0.0) - usual)))


def _judge(
    window: Mapping[str, Any],
    estimate: Mapping[str, float | None],
    threshold: float,
    kind: Kind,
    comparisons: int,
) -> Finding:
    value, error, floor = estimate["value"], estimate["error"], estimate["floor"]
    assert value is not None
    difference = abs(value - 1) if kind == "ratio" else abs(value)
    limit = threshold + (floor or 0.0 if kind == "distance" else 0.0)
    where = place_of(window)
    alike = difference <= SAME if error is None else difference <= limit
    if alike:
        return Finding(PASS, value, error, where, floor, limit)
    showers = min(window["n_reference"], window["n_generated"])
    if error is not None and floor is not None and value > 0 and kind == "ratio":
        # a ratio far from 1 has a large error, but not in units of itself
        difference, error, floor = abs(math.log(value)), error / value, math.log1p(floor)
    if (
        error is None
        or floor is None
        or difference <= floor + errors_needed(comparisons, showers) * error
    ):
        where = f"{where}, too few showers"
        return Finding(NOT_APPLICABLE, value, estimate["error"], where, estimate["floor"], limit)
    return Finding(FAIL, value, estimate["error"], where, estimate["floor"], limit)


def _average(
    windows: Sequence[Mapping[str, Any]], metric: str, kind: Kind
) -> dict[str, Any] | None:
    """Return the average of a metric over windows by their showers, as one window.

    None where no window tells an error.
    """
    told = [window for window in windows if window["metrics"][metric]["error"] is not None]
    if not told:
        return None
    counts = [min(window["n_reference"], window["n_generated"]) for window in told]
    shares = [n / sum(counts) for n in counts]
    parts = {
        key: [share * one["metrics"][metric][key] for share, one in zip(shares, told, strict=True)]
        for key in ("value", "error", "floor")
    }
    # what chance gives to distances adds up, differences of either sign cancel
    floor = sum(parts["floor"]) if kind == "distance" else math.hypot(*parts["floor"])
    average = {"value": sum(parts["value"]), "error": math.hypot(*parts["error"]), "floor": floor}
    angles = {
        f"{end}_theta_rad": pick(window[f"{end}_theta_rad"] for window in told)
        for end, pick in (("low", min), ("high", max))
        if "low_theta_rad" in told[0]
    }
    return {
        "low_mev": min(window["low_mev"] for window in told),
        "high_mev": max(window["high_mev"] for window in told),
        **angles,
        "n_reference": sum(window["n_reference"] for window in told),
        "n_generated": sum(window["n_generated"] for window in told),
        "metrics": {metric: average},
    }


def place_of(window: Mapping[str, Any]) -> str:
    """Name the energies of a window, or its angles where these tell it from others."""
    text = f"{format_energy(window['low_mev'])} to {format_energy(window['high_mev'])}"
    if "low_theta_rad" not in window:
        return text
    low, high = (round(math.degrees(window[f"{end}_theta_rad"]), 1) for end in ("low", "high"))
    return f"{low:g}°" if low == high else f"{low:g}° to {high:g}°"
