"""Checks: what a generated sample must fulfil, one file each, with a code and a threshold.

Thresholds are data: ``profiles/NAME.toml`` has a section per code with ``threshold`` and
``required``. A check without section is not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.registry import Registry
from caloexport.runtime.units import format_energy

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "not applicable"
NO_COMMON_WINDOW = "no window has showers of both samples"
NO_SUCH_METRIC = "cells of this mesh have no such number"


@dataclass(frozen=True)
class Compared:
    """What checks look at.

    Attributes:
        windows: of :func:`caloexport.validation.summary`; empty where the generated sample could
            not be measured.
        unsound: cells of the generated sample that are negative or not finite.
    """

    windows: Sequence[Mapping[str, Any]]
    unsound: int


@dataclass(frozen=True)
class Finding:
    """What a check found: the figure that decides, and where.

    Attributes:
        status: ``pass``, ``fail`` or ``not applicable``.
        value: the figure; None where there is none.
        error: its statistical error, where it has one.
        where: window or place, for people.
    """

    status: str
    value: float | None = None
    error: float | None = None
    where: str = ""


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        title: what it compares.
        why: one sentence: why it matters.
        find: (compared, threshold) -> what was found.
        compares: whether it holds the sample against the reference; False looks at it alone.
    """

    title: str
    why: str
    find: Callable[[Compared, float], Finding]
    compares: bool = True


checks: Registry[Check] = Registry("check", "caloexport.validation.checks", "caloexport.checks")


def worst_window(compared: Compared, metric: str, threshold: float, usual: float) -> Finding:
    """Judge a metric in every window of the incident energy, and return the worst.

    The difference from ``usual`` passes up to the threshold. Above, it fails, unless samples of
    this size from one law differ as much (the floor and twice the error): then nobody can tell,
    and the window is not applicable.

    Args:
        compared: windows with metrics.
        metric: name.
        threshold: largest difference.
        usual: value of equal samples: 1 for a ratio, 0 for a distance.
    """
    findings = [
        _judge(window, window["metrics"][metric], threshold, usual)
        for window in compared.windows
        if metric in window["metrics"]
    ]
    if not findings and any(window["metrics"] for window in compared.windows):
        return Finding(NOT_APPLICABLE, where=NO_SUCH_METRIC)
    if not findings:
        return Finding(NOT_APPLICABLE, where=NO_COMMON_WINDOW)
    rank = {FAIL: 2, NOT_APPLICABLE: 1, PASS: 0}
    return max(findings, key=lambda one: (rank[one.status], abs((one.value or 0.0) - usual)))


def _judge(
    window: Mapping[str, Any], estimate: Mapping[str, float | None], threshold: float, usual: float
) -> Finding:
    value = estimate["value"]
    error, floor = estimate["error"], estimate["floor"]
    where = f"{format_energy(window['low_mev'])} to {format_energy(window['high_mev'])}"
    assert value is not None
    difference = abs(value - usual)
    if difference <= threshold:
        return Finding(PASS, value, error, where)
    if error is None or floor is None or difference <= floor + 2 * error:
        return Finding(NOT_APPLICABLE, value, error, f"{where}, too few showers to tell")
    return Finding(FAIL, value, error, where)
