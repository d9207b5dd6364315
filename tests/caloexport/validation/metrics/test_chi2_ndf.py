from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.validation.metrics import metrics
from caloexport.validation.metrics.chi2_ndf import combined

METRIC = metrics["chi2_ndf"]


def by_numpy(usual: Float64, found: Float64) -> tuple[float, int]:
    """The epoch selection of FastCaloGAN, bin by bin, on numpy's histograms."""
    middle = np.median(usual)
    up, down = usual.max() - middle, middle - usual.min()
    q84 = np.quantile(usual, 0.84) - middle
    high = middle + min(up, 2 * (np.quantile(usual, 0.95) - middle), 10 * q84)
    low = middle - min(down, 2 * (middle - np.quantile(usual, 0.05)), 10 * q84)
    width = (high - low) / 30
    edges = np.linspace(low + width / 2, high - width / 2, 30)
    y1, y2 = (np.histogram(np.clip(one, edges[0], edges[-1]), edges)[0] for one in (usual, found))
    value, empty = 0.0, 0
    for one, other in zip(y1.tolist(), y2.tolist(), strict=True):
        if one == other == 0:
            empty += 1
            continue
        difference = y1.sum() * other - y2.sum() * one
        value += difference**2 / (y1.sum() ** 2 * other + y2.sum() ** 2 * one)
    return value, len(y1) - 1 - empty


@pytest.mark.parametrize("m", [50, 400])
def test_it_is_what_fastcalogan_computes(m: int) -> None:
    random = np.random.default_rng(1)
    usual, found = random.gamma(5.0, 2.0, 300), random.gamma(4.0, 2.5, m)
    result = METRIC.compute(usual, found)
    value, ndf = by_numpy(usual, found)
    assert result.details == pytest.approx({"chi2": value, "ndf": ndf})
    assert result.value == pytest.approx(value / ndf)


def test_alike_samples_have_one_whatever_their_size() -> None:
    random = np.random.default_rng(2)
    pairs = [(random.normal(size=600), random.normal(size=200)) for _ in range(60)]
    found = [METRIC.compute(*pair) for pair in pairs]
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(1, abs=0.15)
    assert np.mean([one.floor or math.nan for one in found]) == pytest.approx(1, abs=0.1)
    assert np.mean([one.error or math.nan for one in found]) == pytest.approx(
        values.std(ddof=1), rel=0.35
    )


def test_the_error_is_the_spread_over_repetitions() -> None:
    random = np.random.default_rng(3)
    pairs = [(random.normal(size=1000), random.normal(0.3, 1.0, 1000)) for _ in range(60)]
    found = [METRIC.compute(*pair) for pair in pairs]
    values = np.array([one.value for one in found])
    assert values.mean() > 2
    assert np.mean([one.error or math.nan for one in found]) == pytest.approx(
        values.std(ddof=1), rel=0.35
    )


def test_energies_add_their_chi2_and_ndf() -> None:
    random = np.random.default_rng(4)
    parts = [METRIC.compute(random.normal(size=90), random.normal(size=80)) for _ in range(3)]
    nothing = METRIC.compute(np.full(9, np.nan), np.ones(9))
    found = combined([*parts, nothing])
    ndf = sum(one.details["ndf"] for one in parts)
    assert found.value == pytest.approx(sum(one.details["chi2"] for one in parts) / ndf)
    assert found.error is not None
    assert found.error < min(one.error or 0 for one in parts)
    assert (found.n_reference, found.n_generated) == (270, 240)
    assert math.isnan(combined([nothing]).value)


def test_a_layer_that_is_mostly_empty_still_has_bins() -> None:
    usual = np.concatenate([np.zeros(900), np.linspace(1.0, 2.0, 100)])
    assert METRIC.compute(usual, usual).value == 0
    never = METRIC.compute(usual, np.zeros(1000))
    assert never.value > 3
    always = METRIC.compute(np.zeros(50), np.ones(50))
    assert always.details == {"chi2": 100, "ndf": 1}
    assert math.isnan(METRIC.compute(np.zeros(50), np.zeros(50)).value)  # one bin: nothing to tell
