from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.validation.metrics import metrics


@pytest.mark.parametrize("name", ["mean_pull", "width_pull"])
@pytest.mark.parametrize(
    "law",
    [lambda r, n: r.normal(10, 2, n), lambda r, n: r.gamma(3.0, 2.0, n)],
    ids=["normal", "gamma"],
)
def test_pulls_of_alike_samples_are_standard_normal(
    name: str, law: Callable[[np.random.Generator, int], Float64]
) -> None:
    random = np.random.default_rng(7)
    found = [metrics[name].compute(law(random, 300), law(random, 900)) for _ in range(300)]
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(0, abs=0.2)
    assert values.std(ddof=1) == pytest.approx(1, rel=0.12)
    floor = np.mean([one.floor or math.nan for one in found])
    assert floor == pytest.approx(math.sqrt(2 / math.pi), rel=0.1)
    assert floor == pytest.approx(np.abs(values).mean(), rel=0.12)


def test_figures_by_hand() -> None:
    usual, found = np.array([1.0, 2.0, 3.0, 2.0]), np.array([2.0, 4.0, 6.0, 4.0])
    mean = metrics["mean_pull"].compute(usual, found)
    errors = [math.sqrt(2 / 3) / 2, 2 * math.sqrt(2 / 3) / 2]
    assert mean.details == pytest.approx(
        {
            "reference": 2,
            "generated": 4,
            "difference": 2,
            "difference_error": math.hypot(*errors),
            "ratio": 2,
            "ratio_error": math.hypot(errors[1], 2 * errors[0]) / 2,
        }
    )
    assert mean.value == pytest.approx(2 / math.hypot(*errors))
    assert mean.error == 1
    width = metrics["width_pull"].compute(usual, found)
    assert width.details["ratio"] == pytest.approx(2)
    assert width.details["reference"] == pytest.approx(math.sqrt(2 / 3))


def test_a_wider_sample_is_seen_by_the_width_only() -> None:
    random = np.random.default_rng(8)
    usual, found = random.normal(5, 1, 2000), random.normal(5, 1.2, 2000)
    width = metrics["width_pull"].compute(usual, found)
    assert width.value > 5
    assert width.details["ratio"] == pytest.approx(1.2, abs=3 * width.details["ratio_error"])
    assert abs(metrics["mean_pull"].compute(usual, found).value) < 3


def test_samples_without_spread() -> None:
    for name, differing in (("mean_pull", math.inf), ("width_pull", 0)):
        metric = metrics[name]
        assert metric.compute(np.zeros(9), np.zeros(9)).value == 0
        assert metric.compute(np.zeros(9), np.ones(9)).value == differing
        assert math.isnan(metric.compute(np.zeros(9), np.ones(9)).details["ratio"]) is True
