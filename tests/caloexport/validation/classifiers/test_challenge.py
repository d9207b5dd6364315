from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.validation.classifiers.challenge import (
    ClassifierTest,
    averaged,
    classifier_test,
    split,
)
from caloexport.validation.classifiers.inputs import inputs_of
from caloexport.validation.classifiers.network import Settings

SMALL = Settings(width=16, depth=2, batch=100, epochs=8, rate=3e-3)


def sample(seed: int, n: int = 600, shift: float = 0.0) -> Float64:
    return np.random.default_rng(seed).normal(shift, 1, (n, 4))


def compared(found: Float64, **more: Any) -> ClassifierTest:
    return classifier_test(
        inputs_of(sample(1)), inputs_of(found), 42, trainings=2, settings=SMALL, **more
    )


@pytest.fixture(scope="module")
def alike() -> ClassifierTest:
    return compared(sample(2, 500))


def test_alike_samples_have_one_half_and_no_divergence(alike: ClassifierTest) -> None:
    assert alike.sizes == (300, 100, 100)
    for name, middle in (("auc", 0.5), ("auc_uncalibrated", 0.5), ("jsd", 0.0)):
        for value, error in (alike.found[name], alike.floor[name]):
            assert abs(value - middle) < 3 * error
            assert 0 < error < 0.2


def test_others_stand_out_and_the_best_classifier_is_not_surpassed() -> None:
    other = compared(sample(2, shift=0.7))
    best = 0.5 * (1 + math.erf(0.7))  # normal(2 * 0.7 / sqrt(2)) of four inputs
    for name in ("auc", "auc_uncalibrated"):
        value, error = other.found[name]
        assert best - 3 * error < value < best + 3 * error
        assert value - 0.5 > 5 * error
        assert 0 < other.spread[name] < error
    assert other.found["jsd"][0] > 0
    far = compared(50 * sample(2))
    assert far.found["auc"][0] > 0.95
    assert far.found["jsd"][0] > 0.5


def test_deviation_and_statistical_error_are_added_in_squares() -> None:
    found = averaged([{"jsd": (0.1, 0.03)}, {"jsd": (0.2, 0.05)}, {"jsd": (0.3, 0.04)}])
    assert found["jsd"] == (pytest.approx(0.2), pytest.approx(math.hypot(0.1, 0.04)))


def test_showers_are_split_as_in_the_challenge() -> None:
    assert [split(n) for n in (100_000, 121_000, 120_800)] == [
        (60_000, 20_000), (80_000, 20_000), (80_000, 20_000),
    ]  # fmt: skip
    assert split(1001) == (600, 200)


def test_progress_counts_all_trainings_and_the_numbers_are_the_same(alike: ClassifierTest) -> None:
    told: list[tuple[int, int, str]] = []
    again = compared(sample(2, 500), what="auc", report=lambda *given: told.append(given))
    total = 2 * 8 * 6 + 8 * 4  # batches of 600 training showers, and of 360 for the floor
    assert told[-1] == (total, total, "auc")
    assert again == alike


def test_nothing_is_told_of_too_little() -> None:
    few = inputs_of(sample(1, 499))
    for trainings, one in ((3, few), (1, inputs_of(sample(1)))):
        with pytest.raises(UsageError, match="two trainings and 500 showers"):
            classifier_test(one, inputs_of(sample(2)), 0, trainings=trainings)
