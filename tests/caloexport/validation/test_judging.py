"""The rule that judges a number with an error: a table, and how often it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from caloexport.validation.checks import FAIL, NOT_APPLICABLE, PASS, UNDECIDED, Compared, Finding
from caloexport.validation.compare import (
    compare_means,
    compare_profiles,
    compare_shift,
    compare_statistics,
)
from caloexport.validation.estimate import Estimate
from caloexport.validation.judging import judge_whole, judge_windows
from caloexport.validation.measured_difference import Kind
from caloexport.validation.statistics.resolution import resolution


def window(
    value: float,
    error: float | None = 0.01,
    floor: float | None = 0.01,
    showers: int = 10_000,
    **ends: float,
) -> dict[str, Any]:
    estimate = {"value": value, "error": error, "floor": floor}
    counts = {"n_reference": showers, "n_generated": showers}
    return {"low_mev": 1e3, "high_mev": 2e3, **ends, **counts, "metrics": {"metric": estimate}}


def judged(
    windows: list[dict[str, Any]], threshold: float, kind: Kind = "ratio", comparisons: int = 1
) -> Finding:
    return judge_windows(Compared(windows, 0, comparisons=comparisons), "metric", threshold, kind)


@pytest.mark.parametrize(
    ("kind", "value", "error", "floor", "threshold", "showers", "status"),
    [
        # below its threshold, and the sample would see three times that
        ("ratio", 1.020, 0.010, 0.008, 0.03, 10_000, PASS),
        ("ratio", 0.980, 0.010, 0.008, 0.03, 10_000, PASS),
        ("shift", -0.02, 0.010, 0.008, 0.03, 10_000, PASS),
        ("distance", 0.12, 0.010, 0.05, 0.10, 10_000, PASS),  # 0.07 more than its floor
        # above its threshold by more than 2.58 errors
        ("ratio", 1.060, 0.010, 0.008, 0.03, 10_000, FAIL),
        ("ratio", 0.940, 0.010, 0.008, 0.03, 10_000, FAIL),
        ("shift", -0.06, 0.010, 0.008, 0.03, 10_000, FAIL),
        ("distance", 0.18, 0.010, 0.05, 0.10, 10_000, FAIL),
        # above its threshold, but many errors from 0 is not many errors from the threshold
        ("ratio", 1.035, 0.003, 0.002, 0.03, 10_000, UNDECIDED),
        ("shift", 0.035, 0.003, 0.002, 0.03, 10_000, UNDECIDED),
        ("distance", 0.17, 0.010, 0.05, 0.10, 10_000, UNDECIDED),
        # the floor of a ratio or shift is chance, which the error holds already
        ("ratio", 1.060, 0.010, 0.500, 0.03, 10_000, FAIL),
        ("shift", 0.060, 0.010, 0.500, 0.03, 10_000, FAIL),
        # so few showers that a failure would not be seen do not make passing easier
        ("ratio", 1.001, 0.020, 0.016, 0.03, 10_000, UNDECIDED),
        ("shift", 0.001, 0.020, 0.016, 0.03, 10_000, UNDECIDED),
        ("distance", 0.15, 0.060, 0.15, 0.10, 10_000, UNDECIDED),
        ("distance", 0.50, 0.001, 0.50, 0.10, 10_000, UNDECIDED),
        ("ratio", 1.020, None, None, 0.03, 3, UNDECIDED),
        # of four showers the error itself is uncertain: Student's law asks for 5.84
        ("ratio", 1.060, 0.010, 0.008, 0.03, 4, UNDECIDED),
        ("ratio", 1.100, 0.010, 0.008, 0.03, 4, FAIL),
        # far ratios have large errors, which are small in units of themselves; to either side
        ("ratio", 3.30, 0.90, 0.1, 0.2, 10_000, FAIL),
        ("ratio", 0.30, 0.08, 0.1, 0.2, 10_000, FAIL),
        ("ratio", 12.0, 4.00, 0.1, 0.2, 10_000, FAIL),
        ("ratio", 0.0, 0.0, 0.1, 0.2, 10_000, FAIL),  # all showers empty, or all alike
        # a sample against itself
        ("ratio", 1.0, None, None, 0.03, 2, PASS),
        ("distance", 0.0, 0.5, 0.5, 0.03, 100, PASS),
    ],
)  # fmt: skip
def test_a_difference_is_judged_with_its_error(
    kind: Kind, value: float, error: float | None, floor: float | None, threshold: float,
    showers: int, status: str,
) -> None:  # fmt: skip
    found = judged([window(value, error, floor, showers)], threshold, kind)
    assert (found.status, found.value, found.error, found.floor) == (status, value, error, floor)
    assert found.where.startswith("1 GeV to 2 GeV")


def test_two_samples_with_as_many_hits_by_chance_are_not_one() -> None:
    alike = window(1.0, 0.06, 0.05, 8)
    assert judged([alike], 0.03).status == PASS  # nothing else tells them apart
    other = {"value": 1.02, "error": 0.01, "floor": 0.01}
    alike["metrics"]["another_ratio"] = other
    assert judged([alike], 0.03).status == UNDECIDED


@pytest.mark.parametrize("ratio", [1.1, 1.5, 2.0, 4.0, 20.0])
def test_a_ratio_and_its_inverse_are_judged_alike(ratio: float) -> None:
    for relative in (0.001, 0.03, 0.2, 0.5):
        found = [judged([window(r, relative * r)], 0.2).status for r in (ratio, 1 / ratio)]
        assert found[0] == found[1]


def test_one_window_that_fails_is_a_failure() -> None:
    windows = [window(1.01), window(0.90), window(1.08), window(1.2, None, None)]
    found = judged(windows, 0.03)
    assert (found.status, found.value) == (FAIL, 0.90)


def test_without_a_number_there_is_nothing_to_judge() -> None:
    empty = {"low_mev": 1.0, "high_mev": 2.0, "n_reference": 3, "n_generated": 0, "metrics": {}}
    found = [judged([empty], 0.1), judged([empty, window(1.0) | {"metrics": {"other": {}}}], 0.1)]
    found.append(judge_whole(Compared([], 0), "metric", 0.1, "shift"))
    assert {one.status for one in found} == {NOT_APPLICABLE}
    assert found[1].where == "cells of this mesh have no such number"
    few = judge_whole(Compared([], 0, whole=[empty]), "metric", 0.1, "shift")
    assert (few.status, few.where) == (UNDECIDED, "too few showers")


def test_the_more_is_looked_at_the_more_errors_a_failure_takes() -> None:
    found = [judged([window(1.065)], 0.03, comparisons=n).status for n in (1, 10**6)]
    assert found == [FAIL, UNDECIDED]


def test_where_windows_cannot_tell_their_average_does() -> None:
    """Of 16 windows with an error of 0.04 the average has 0.01."""
    for value, status in ((1.07, FAIL), (1.02, PASS)):
        windows = [window(value + (0.02, -0.02)[k % 2], 0.04) for k in range(16)]
        assert judged(windows[:1], 0.03).status == UNDECIDED
        found = judged(windows, 0.03)
        assert (found.status, found.value) == (status, pytest.approx(value, abs=1e-3))
        assert found.error == pytest.approx(0.01, rel=0.1)


def test_differences_to_both_sides_do_not_cancel() -> None:
    """+12 % and -12 %, three errors each, are on average nothing: but the windows disagree."""
    windows = [window(1 + sign * 0.12, 0.04) for sign in (1, -1) for _ in range(8)]
    found = judged(windows, 0.05)
    assert (found.status, found.value) == (UNDECIDED, pytest.approx(0.88))
    steady = judged([window(1.005, 0.04) for _ in windows], 0.05)
    assert steady.status == PASS


def test_one_window_that_stands_out_is_not_averaged_away() -> None:
    windows = [window(0.05, 0.03, 0.05), window(0.25, 0.03, 0.05), window(0.05, 0.03, 0.05)]
    found = judged(windows, 0.10, "distance", comparisons=60)
    assert (found.status, found.value) == (UNDECIDED, 0.25)


def test_an_undecided_difference_tells_how_many_showers_it_takes() -> None:
    """Four times the showers have half the error."""
    few = judged([window(1.0001, 0.04, showers=500), window(1.0001, 0.04, showers=500)], 0.03)
    assert few.status == UNDECIDED
    assert few.showers_needed is not None
    share = np.sqrt(1000 / few.showers_needed)
    for factor, status in ((1.02, UNDECIDED), (0.98, PASS)):
        error = 0.04 * share * factor
        assert judged([window(1.0001, error), window(1.0001, error)], 0.03).status == status
    assert judged([window(1.0)], 0.03).showers_needed is None
    assert judged([window(1.0301, 1e-3)], 0.03).showers_needed is None  # at its limit: no number


Simulation = Callable[[np.random.Generator, int, float], Estimate]
#: kind and threshold of a metric, and how it is measured of two samples of n showers that differ by so much
MEASURED: dict[str, tuple[Kind, float, Simulation]] = {
    "mean": ("ratio", 0.02, lambda random, n, away: compare_means(
        random.normal(1, 0.06, n), (1 + away) * random.normal(1, 0.06, n))),
    "shift": ("shift", 0.10, lambda random, n, away: compare_shift(
        random.normal(0, 0.4, n), away + random.normal(0, 0.4, n), 1.0)),
    "width": ("ratio", 0.30, lambda random, n, away: compare_statistics(
        resolution, random.normal(1, 0.1, n), random.normal(1, 0.1 * (1 + away), n))),
    "profile": ("distance", 0.05, lambda random, n, away: compare_profiles(
        random.gamma(20.0, size=(n, 4)),
        random.gamma(20.0, size=(n, 4)) * (1 + away * np.array([-1.0, 1.0, -1.0, 1.0])))),
}  # fmt: skip


def simulated(name: str, n: int, times: float, repeats: int) -> list[str]:
    """Judge samples of n showers that differ by times the threshold, one of 20 comparisons."""
    kind, threshold, measure = MEASURED[name]
    random = np.random.default_rng(7)
    found = []
    for _ in range(repeats):
        estimate = measure(random, n, times * threshold)
        one = window(estimate.value, estimate.error, estimate.floor, n)
        found.append(judged([one], threshold, kind, comparisons=20).status)
    return found


@pytest.mark.parametrize("name", MEASURED)
def test_alike_samples_pass_if_there_are_enough_and_never_fail(name: str) -> None:
    few, some, many = (simulated(name, n, 0.0, 60) for n in (5, 30, 300))
    assert FAIL not in few + some + many
    assert PASS not in few
    assert many.count(PASS) >= 57


@pytest.mark.parametrize("name", MEASURED)
def test_three_times_the_threshold_fails_where_alike_samples_pass(name: str) -> None:
    assert simulated(name, 300, 3.0, 60).count(FAIL) > 54


@pytest.mark.parametrize("n", [5, 30, 300])
@pytest.mark.parametrize("name", ["mean", "shift"])
def test_even_what_differs_by_its_threshold_fails_in_less_than_a_hundredth(
    name: str, n: int
) -> None:
    """Of 100 verdicts on 20 comparisons each: where all of them are as far off as they may be."""
    verdicts = np.reshape(simulated(name, n, 1.0, 2000), (100, 20))
    assert (verdicts == FAIL).any(axis=1).sum() <= 1
