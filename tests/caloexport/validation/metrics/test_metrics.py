"""What holds for every metric."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.validation.metrics import metrics

EDGES = np.linspace(-4.0, 4.0, 17)


@pytest.mark.parametrize("name", metrics.names())
def test_it_is_deterministic_and_the_reference_is_prepared_once(name: str) -> None:
    random = np.random.default_rng(0)
    usual = random.normal(size=101)
    ready = metrics[name].prepare(usual, EDGES)
    for m in (40, 333):
        found = random.normal(size=m)
        result = ready.compare(found)
        assert result == ready.compare(found) == metrics[name].compute(usual, found, EDGES)
        assert result.floor == ready.floor(m) == metrics[name].floor(usual, m, EDGES)
        assert (result.n_reference, result.n_generated) == (101, m)
        assert result.error is not None


@pytest.mark.parametrize("name", metrics.names())
def test_what_is_not_finite_is_left_out(name: str) -> None:
    random = np.random.default_rng(1)
    usual, found = random.normal(size=80), random.normal(0.2, 1.0, size=60)
    holes = np.array([np.nan, np.inf, -np.inf])
    full = metrics[name].compute(np.concatenate([holes, usual]), np.concatenate([found, holes]))
    assert full == metrics[name].compute(usual, found)
    assert (full.n_reference, full.n_generated) == (80, 60)


@pytest.mark.parametrize("name", metrics.names())
@pytest.mark.parametrize(("n", "m"), [(3, 50), (50, 3), (0, 0)])
def test_too_few_showers_give_no_number_rather_than_a_wrong_one(name: str, n: int, m: int) -> None:
    result = metrics[name].compute(np.linspace(-1, 1, n), np.linspace(-1, 1, m), EDGES)
    assert math.isnan(result.value)
    assert (result.error, result.floor) == (None, None)
    assert (result.n_reference, result.n_generated) == (n, m)


@pytest.mark.parametrize("name", metrics.names())
def test_another_law_is_seen(name: str) -> None:
    random = np.random.default_rng(2)
    usual, found = random.normal(0.0, 0.5, 500), random.normal(0.5, 1.0, 500)
    result = metrics[name].compute(usual, found, EDGES)
    assert result.error is not None
    assert result.floor is not None
    assert result.value - metrics[name].ideal > 4 * result.error + result.floor
    alike = metrics[name].compute(usual, random.normal(0.0, 0.5, 500), EDGES)
    assert abs(alike.value - metrics[name].ideal) < 3 * result.floor


@pytest.mark.parametrize("name", metrics.names())
def test_it_has_a_title(name: str) -> None:
    assert metrics[name].title
