from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.training.scoring.deviation import deviation, difference_of, saturated
from caloexport.training.scoring.row import Row

ROW = Row("siw", "response", None, 1000.0, 100, 100, mean_ratio=1.04, mean_ratio_error=0.03)


def test_a_fluctuation_within_its_error_does_not_count() -> None:
    random = np.random.default_rng(0)
    differences = 0.02 * random.standard_normal(10_000)
    found = deviation("mean", differences, 0.02, 0.01)
    assert (found[np.abs(differences) <= 0.02] == 0).all()
    # what is left of pure noise: the mean of √(z² - 1) beyond 1 of a normal z, times 2
    assert found.mean() == pytest.approx(2 * 0.345, abs=0.03)


def test_what_is_far_beyond_its_error_counts_whole() -> None:
    assert float(deviation("width", -0.5, 0.01, 0.1)) == pytest.approx(5, rel=1e-3)


def test_less_than_the_floor_is_nothing() -> None:
    assert float(deviation("shape", -0.5, 0.01, 0.01)) == 0
    assert float(deviation("profile", -0.5, 0.01, 0.01)) == 0


def test_saturation_keeps_the_order_and_the_cap() -> None:
    found = saturated(np.array([0.0, 0.5, 1.0, 5.0, 50.0, 1e6, math.inf]), 10.0)
    assert (np.diff(found) >= 0).all()
    assert found[1] == pytest.approx(0.5, rel=2e-3)
    assert found[-1] == 10


def test_differences_are_those_of_the_row() -> None:
    assert difference_of(ROW, "mean") == pytest.approx((0.04, 0.03))
    assert difference_of(ROW, "width") is None  # the true ones have no width


def test_a_number_that_generated_showers_lack_is_infinitely_off() -> None:
    lacking = Row("siw", "depth", None, 1000.0, 100, 0)
    assert difference_of(lacking, "shape") == (math.inf, 0.0)
    nobody = Row("siw", "depth", None, 1000.0, 0, 100)
    assert difference_of(nobody, "shape") is None
