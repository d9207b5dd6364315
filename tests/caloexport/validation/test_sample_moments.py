from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.validation.sample_moments import moments_of, ratio_of


@pytest.mark.parametrize("law", ["standard_normal", "standard_exponential", "random"])
def test_errors_are_the_spread_over_samples(law: str) -> None:
    samples = getattr(np.random.default_rng(9), law)((4000, 200))
    found = moments_of(samples)
    assert found.mean == pytest.approx(samples.mean(axis=1))
    assert found.width == pytest.approx(samples.std(axis=1, ddof=1))
    assert found.mean_error.mean() == pytest.approx(found.mean.std(), rel=0.05)
    assert found.width_error.mean() == pytest.approx(found.width.std(), rel=0.1)


def test_of_a_normal_law_it_is_the_textbook_error_of_the_width() -> None:
    found = moments_of(np.random.default_rng(10).normal(0, 3, 200_000))
    assert found.width_error == pytest.approx(3 / math.sqrt(2 * 200_000), rel=0.03)


def test_two_values_and_equal_values_warn_nobody() -> None:
    assert moments_of(np.array([1.0, 3.0])).width_error == pytest.approx(
        math.sqrt((1 + 4) / 2) / (2 * math.sqrt(2))
    )
    assert moments_of(np.ones(5)).width_error == 0


def test_the_error_of_a_ratio() -> None:
    random = np.random.default_rng(11)
    below, above = (
        moments_of(random.normal(2, 1, (3000, 100))),
        moments_of(random.normal(3, 1, (3000, 400))),
    )
    ratios = above.mean / below.mean
    told = [
        ratio_of((a, b), (c, d))
        for a, b, c, d in zip(
            below.mean, below.mean_error, above.mean, above.mean_error, strict=True
        )
    ]
    assert np.mean([error for _, error in told]) == pytest.approx(ratios.std(), rel=0.05)
    zero = np.array(0.0)
    assert all(math.isnan(one) for one in ratio_of((zero, zero), (zero, zero)))
