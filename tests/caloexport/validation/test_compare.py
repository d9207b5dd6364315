"""The comparison is held against samples whose true difference is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.validation import Estimate, compare_means, compare_profiles
from caloexport.validation.compare import compare_statistics


def poisson(mean: list[float], n: int, seed: int) -> Float64:
    return np.random.default_rng(seed).poisson(mean, size=(n, len(mean))).astype(np.float64)


def test_distance_by_hand() -> None:
    reference = np.array([[1.0, 1.0], [3.0, 3.0]])
    generated = np.array([[6.0, 2.0]])
    assert compare_profiles(reference, generated) == Estimate(0.5, None, None)
    assert compare_profiles(reference, np.array([[0.0, 5.0]])).value == 1.0
    assert compare_profiles(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])).value == 2.0
    assert compare_profiles(reference, np.zeros((1, 2))).value == 1.0  # nothing generated


def test_equal_laws_stay_at_the_floor() -> None:
    """Averaged over many pairs, the distance of two samples of one law is its floor."""
    random = np.random.default_rng(0)
    mean = [5.0, 20.0, 10.0, 2.0]
    pairs = [(random.poisson(mean, (40, 4)), random.poisson(mean, (120, 4))) for _ in range(60)]
    found = [compare_profiles(one.astype(float), other.astype(float)) for one, other in pairs]
    distance = np.mean([one.value for one in found])
    floor = np.mean([one.floor or math.nan for one in found])
    assert floor == pytest.approx(distance, rel=0.2)  # three standard errors of 60 pairs


def test_the_error_is_the_spread_over_repetitions() -> None:
    usual, other = [5.0, 20.0, 10.0, 2.0], [8.0, 15.0, 10.0, 4.0]
    found = [
        compare_profiles(poisson(usual, 60, 2 * i), poisson(other, 60, 2 * i + 1))
        for i in range(40)
    ]
    spread = np.std([one.value for one in found], ddof=1)
    error = np.mean([one.error or math.nan for one in found])
    assert error == pytest.approx(spread, rel=0.3)
    assert np.mean([one.value for one in found]) > 5 * float(found[0].floor or math.nan)


def test_the_same_input_gives_the_same_numbers() -> None:
    one, other = poisson([3.0, 9.0], 30, 1), poisson([3.0, 9.0], 30, 2)
    assert compare_profiles(one, other, seed=5) == compare_profiles(one, other, seed=5)
    assert compare_profiles(one, other, seed=5) != compare_profiles(one, other, seed=6)


def test_ratio_of_means_and_its_error() -> None:
    random = np.random.default_rng(3)
    ratios = []
    for _ in range(200):
        reference, generated = random.normal(1.0, 0.1, 50), random.normal(1.1, 0.2, 100)
        ratios.append(compare_means(reference, generated))
    values = np.array([one.value for one in ratios])
    assert values.mean() == pytest.approx(1.1, abs=0.01)
    error = np.mean([one.error or math.nan for one in ratios])
    assert error == pytest.approx(values.std(ddof=1), rel=0.15)


def test_the_floor_of_the_ratio_is_what_equal_laws_give() -> None:
    random = np.random.default_rng(4)
    found = [
        compare_means(random.normal(1, 0.1, 50), random.normal(1, 0.1, 100)) for _ in range(300)
    ]
    away = np.mean([abs(one.value - 1) for one in found])
    assert np.mean([one.floor or math.nan for one in found]) == pytest.approx(away, rel=0.15)


def test_few_showers_give_no_error_rather_than_a_wrong_one() -> None:
    assert compare_means(np.ones(3), np.full(3, 2.0)) == Estimate(2.0, None, None)
    assert str(Estimate(0.5, None, None)) == "0.5"
    assert str(Estimate(0.5, 0.01, 0.002)) == "0.5 ± 0.01 (floor 0.002)"


def test_what_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match=r"profiles have \(2,\) and \(3,\) bins"):
        compare_profiles(np.ones((1, 2)), np.ones((1, 3)))
    with pytest.raises(UsageError, match="0 reference and 1 generated"):
        compare_profiles(np.ones((0, 2)), np.ones((1, 2)))
    with pytest.raises(UsageError, match="1 reference and 0 generated"):
        compare_means(np.ones(1), np.ones(0))
    with pytest.raises(UsageError, match="has the mean 0, expected > 0"):
        compare_means(np.zeros(5), np.ones(5))


def test_a_statistic_that_halves_do_not_have_comes_without_error_and_floor() -> None:
    """As the width of showers that are all alike, which is 0 but for rounding."""
    rows = np.arange(8.0)
    assert compare_statistics(lambda sample: float(len(sample) == 8), rows, rows) == Estimate(
        1.0, None, None
    )
