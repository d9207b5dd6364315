"""Metrics of cumulative distributions, against their definitions and over repetitions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.validation.metrics import metrics

NAMES = ["kolmogorov_smirnov", "wasserstein_1"]


def by_definition(usual: Float64, found: Float64) -> dict[str, float]:
    """Return both distances from the distributions at every place, one by one."""
    places = np.unique(np.concatenate([usual, found]))
    apart = [np.mean(usual <= place) - np.mean(found <= place) for place in places]
    return {
        "kolmogorov_smirnov": float(np.abs(apart).max()),
        "wasserstein_1": float(np.abs(apart[:-1]) @ np.diff(places)),
    }


@pytest.mark.parametrize("name", NAMES)
def test_it_is_its_definition_also_for_equal_values(name: str) -> None:
    random = np.random.default_rng(1)
    for usual, found in (
        (random.normal(size=70), random.normal(0.4, 1.3, 110)),
        (random.integers(0, 5, 70).astype(float), random.integers(1, 4, 50).astype(float)),
    ):
        result = metrics[name].compute(usual, found)
        assert result.value == pytest.approx(by_definition(usual, found)[name])


def test_figures_by_hand() -> None:
    usual = np.array([1.0, 2.0, 3.0, 4.0])
    shifted = metrics["wasserstein_1"].compute(usual, usual + 0.5)
    assert shifted.value == pytest.approx(0.5)
    assert shifted.details["in_widths"] == pytest.approx(0.5 / math.sqrt(5 / 3))
    assert metrics["kolmogorov_smirnov"].compute(usual, usual + 0.5).value == pytest.approx(0.25)
    assert metrics["kolmogorov_smirnov"].compute(usual, usual + 10).value == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_samples_without_spread(name: str) -> None:
    assert metrics[name].compute(np.zeros(9), np.zeros(5)).value == 0
    apart = metrics[name].compute(np.zeros(9), np.ones(5))
    assert (apart.value, apart.error, apart.floor) == pytest.approx((1, 0, 0))
    assert all(math.isnan(value) for value in apart.details.values())


@pytest.mark.parametrize("name", NAMES)
def test_floor_and_error_over_repetitions(name: str) -> None:
    random = np.random.default_rng(5)
    for shift in (0.0, 0.5):
        found = [
            metrics[name].compute(random.normal(size=300), random.normal(shift, 1.0, 900))
            for _ in range(40)
        ]
        values = np.array([one.value for one in found])
        errors = np.array([one.error for one in found], dtype=np.float64)
        assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.4)
        if not shift:
            floors = np.array([one.floor for one in found], dtype=np.float64)
            assert floors.mean() == pytest.approx(values.mean(), rel=0.1)
