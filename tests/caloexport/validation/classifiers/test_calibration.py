from __future__ import annotations

import sys

import numpy as np
import pytest

from caloexport.runtime.errors import MissingDependency
from caloexport.validation.classifiers.calibration import LEAST, calibration


def test_violators_are_pooled() -> None:
    """By hand: 1, 0 and 0 of the middle pool to a third; ends are clipped."""
    scores = np.array([0.1, 0.2, 0.3, 0.4, 0.9])
    found = calibration(scores, np.array([0, 1, 0, 0, 1]))
    assert found(scores) == pytest.approx([LEAST, 1 / 3, 1 / 3, 1 / 3, 1 - LEAST])


def test_beyond_the_scores_it_is_constant_and_between_them_linear() -> None:
    found = calibration(np.array([0.2, 0.6]), np.array([0, 1]))
    assert found(np.array([0.0, 1.0, 0.4])) == pytest.approx([LEAST, 1 - LEAST, 0.5])


def test_a_classifier_too_sure_of_itself_is_put_right() -> None:
    random = np.random.default_rng(1)
    true = random.uniform(0.3, 0.7, 20_000)
    labels = (random.random(20_000) < true).astype(float)
    sure = 1 / (1 + np.exp(-20 * (true - 0.5)))
    assert np.abs(sure - true).mean() > 0.2
    # steps of hundreds of showers
    assert np.abs(calibration(sure, labels)(sure) - true).mean() < 0.02


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.isotonic", None)
    with pytest.raises(MissingDependency, match=r"caloexport\[distances\]"):
        calibration(np.zeros(2), np.array([0, 1]))
