from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.validation.classifiers.auc import area_under_curve


def scores(seed: int, n: int, shift: float = 0.0) -> Float64:
    return np.random.default_rng(seed).normal(shift, 1, n).round(1)  # with ties


def of_all_pairs(generated: Float64, reference: Float64) -> float:
    above = reference[:, None] > generated
    equal = reference[:, None] == generated
    return float((above + 0.5 * equal).mean())


@pytest.mark.parametrize("shift", [-0.5, 0.0, 1.0])
def test_it_is_the_share_of_pairs(shift: float) -> None:
    generated, reference = scores(1, 70), scores(2, 50, shift)
    value, _ = area_under_curve(generated, reference)
    assert value == pytest.approx(of_all_pairs(generated, reference), abs=1e-12)
    other, _ = area_under_curve(reference, generated)
    assert value + other == pytest.approx(1)


def test_it_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    generated, reference = scores(3, 700), scores(4, 500, 0.3)
    labels = np.repeat([0, 1], [700, 500])
    expected = roc_auc_score(labels, np.concatenate([generated, reference]))
    assert area_under_curve(generated, reference)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shift", [0.0, 0.8, 2.5])
def test_the_error_is_that_of_drawing_other_showers(shift: float) -> None:
    generated, reference = scores(5, 300), scores(6, 200, shift)
    random = np.random.default_rng(7)
    drawn = [
        area_under_curve(random.choice(generated, 300), random.choice(reference, 200))[0]
        for _ in range(600)
    ]
    # a standard deviation of 600 is known to 3 %
    assert area_under_curve(generated, reference)[1] == pytest.approx(np.std(drawn), rel=0.12)


def test_the_error_of_alike_samples_is_that_of_mann_and_whitney() -> None:
    random = np.random.default_rng(8)
    _, error = area_under_curve(random.random(2000), random.random(3000))
    assert error == pytest.approx(math.sqrt(5001 / (12 * 2000 * 3000)), rel=0.03)


def test_scores_that_do_not_overlap_have_an_error_all_the_same() -> None:
    low, high = np.arange(40.0), 100 + np.arange(25.0)
    assert area_under_curve(low, high) == (1.0, 1 / 25)
    assert area_under_curve(high, low) == (0.0, 1 / 25)
    flat = np.zeros(10)
    assert area_under_curve(flat, flat) == (0.5, 0.1)


def test_one_shower_has_no_error() -> None:
    with pytest.raises(UsageError, match="expected 2 at least"):
        area_under_curve(np.zeros(1), np.zeros(9))
