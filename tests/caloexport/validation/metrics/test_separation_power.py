from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.validation.metrics import metrics

METRIC = metrics["separation_power"]


def test_golden_number() -> None:
    """What code/evaluate.py of the CaloChallenge gives for 100 bins from 0.5 to 1.5."""
    random = np.random.default_rng(1)
    usual, found = random.normal(1, 0.05, 10_000), random.normal(1.01, 0.06, 10_000)
    result = METRIC.compute(usual, found, np.linspace(0.5, 1.5, 101))
    assert result.value == pytest.approx(0.0228073644, abs=1e-10)
    assert result.details == {"outside": 0}


def test_what_lies_outside_given_edges_is_dropped() -> None:
    usual = np.repeat([0.25, 0.75], 10)
    found = np.array([0.25, 0.75, 1.0, 7.0, -3.0])
    result = METRIC.compute(usual, found, np.array([0.0, 0.5, 1.0]))
    p, q = np.array([0.5, 0.5]), np.array([1, 2]) / 3
    assert result.value == pytest.approx(0.5 * ((p - q) ** 2 / (p + q)).sum())
    assert result.details == pytest.approx({"outside": 0.4})
    assert METRIC.compute(usual, found + 90, np.array([0.0, 1.0])).value == 1


def test_own_bins_keep_what_lies_outside() -> None:
    usual = np.random.default_rng(0).normal(size=1000)
    result = METRIC.compute(usual, np.full(100, 50.0))
    assert result.details == {"outside": 0}
    assert 0.8 < result.value < 1  # all generated showers are in the uppermost bin


def test_alike_samples_have_the_floor() -> None:
    random = np.random.default_rng(5)
    pairs = [(random.normal(size=500), random.normal(size=2000)) for _ in range(60)]
    found = [METRIC.compute(*pair) for pair in pairs]
    values = np.array([one.value for one in found])
    assert np.mean([one.floor or math.nan for one in found]) == pytest.approx(
        values.mean(), rel=0.1
    )
    assert np.mean([one.error or math.nan for one in found]) == pytest.approx(
        values.std(ddof=1), rel=0.4
    )


def test_the_error_is_the_spread_over_repetitions() -> None:
    random = np.random.default_rng(6)
    found = [
        METRIC.compute(
            random.normal(size=1000), random.normal(0.5, 1.2, 500), np.linspace(-4, 4, 21)
        )
        for _ in range(80)
    ]
    values = np.array([one.value for one in found])
    assert values.mean() > 3 * (found[0].floor or math.nan)
    assert np.mean([one.error or math.nan for one in found]) == pytest.approx(
        values.std(ddof=1), rel=0.3
    )


def test_a_reference_outside_its_edges_tells_nothing() -> None:
    assert math.isnan(METRIC.compute(np.ones(9), np.ones(9), np.array([5.0, 6.0])).value)
