"""Boosted trees on few inputs, of which they need little."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import MissingDependency, UsageError
from caloexport.validation.classifiers import boosted
from caloexport.validation.classifiers.boosted import boosted_auc, boosted_floor
from caloexport.validation.classifiers.inputs import inputs_of


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(boosted.TREES, "max_iter", 15)


def sample(seed: int, n: int = 400, shift: float = 0.0) -> Float64:
    return np.random.default_rng(seed).normal(shift, 1, (n, 4))


def test_alike_samples_have_one_half_and_others_the_best_that_there_is() -> None:
    usual = inputs_of(sample(1))
    alike, error = boosted_auc(usual, inputs_of(sample(2)), 0)
    assert abs(alike - 0.5) < 3 * error < 0.1
    value, error = boosted_auc(usual, inputs_of(sample(3, 600, 0.5)), 0)
    best = 0.7602  # normal(0.5 * 2 / sqrt(2)): four inputs that are 0.5 apart
    assert best - 0.1 < value < best + 3 * error
    assert boosted_auc(usual, inputs_of(sample(4) + 20), 0) == (1.0, pytest.approx(0.0075, 1e-3))


def test_the_error_is_that_of_other_samples() -> None:
    pair = lambda s: (inputs_of(sample(s, 200)), inputs_of(sample(s + 50, 200)))
    values, errors = np.array([boosted_auc(*pair(s), s) for s in range(20)]).T
    # a standard deviation of 20 is known to 16 %
    assert 0.6 < np.std(values, ddof=1) / errors.mean() < 1.35
    assert abs(values.mean() - 0.5) < 3.5 * errors.mean() / np.sqrt(20)


def test_floor_is_of_halves_no_larger_than_asked_for() -> None:
    usual = inputs_of(sample(5))
    value, error = boosted_floor(usual, 1000, 0)
    assert abs(value - 0.5) < 3.5 * error
    _, wide = boosted_floor(usual, 50, 0)
    assert wide == pytest.approx(2 * error, rel=0.25)  # of 50 showers each instead of 200


def test_it_is_deterministic() -> None:
    one, other = inputs_of(sample(6)), inputs_of(sample(7))
    assert boosted_auc(one, other, 3) == boosted_auc(one, other, 3) != boosted_auc(one, other, 4)


def test_showers_of_the_reference_in_the_generated_sample_show_below_one_half() -> None:
    usual = inputs_of(sample(8))
    value, error = boosted_auc(usual, usual.take(np.random.default_rng(1).permutation(400)), 0)
    assert value < 0.5 - 3 * error


def test_inputs_that_tell_nothing_give_one_half() -> None:
    flat = inputs_of(np.ones((50, 3)))
    assert boosted_auc(flat, flat, 0)[0] == 0.5


def test_too_few_and_what_is_missing_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="9 showers in 5 parts"):
        boosted_auc(inputs_of(sample(1, 9)), inputs_of(sample(2, 50)), 0)
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(MissingDependency, match=r"caloexport\[distances\]"):
        boosted_auc(inputs_of(sample(1)), inputs_of(sample(2)), 0)
