"""Golden numbers of FPD and KPD: what jetnet 0.2.5 gives for two Gaussian samples."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.validation.distances.fpd import fpd, sample_sizes
from caloexport.validation.distances.kpd import kpd


@pytest.fixture(scope="module")
def samples() -> tuple[Float64, Float64]:
    random = np.random.default_rng(0)
    usual = random.normal(size=(50_000, 5))
    found = random.normal(size=(50_000, 5)) * 1.1 + 0.05
    assert usual[0] == pytest.approx(
        [0.12573022, -0.13210486, 0.64042265, 0.10490012, -0.53566937], abs=1e-8
    )
    return usual, found


def test_fpd(samples: tuple[Float64, Float64]) -> None:
    usual, found = samples
    value, error = fpd(usual, found, min_samples=20_000)  # jetnet's default
    assert value == pytest.approx(0.0033675528, rel=1e-7)
    assert error == pytest.approx(3.948e-5, rel=2e-4)
    value, error = fpd(usual, found)  # the challenge's
    assert value == pytest.approx(0.0033597469, rel=1e-7)
    assert error == pytest.approx(4.494e-5, rel=2e-4)


def test_fpd_of_a_sample_and_itself(samples: tuple[Float64, Float64]) -> None:
    usual, _ = samples
    value, error = fpd(usual, usual)
    assert value == pytest.approx(8.2175e-5, rel=2e-5)
    assert error == pytest.approx(3.14e-5, rel=2e-3)


def test_kpd(samples: tuple[Float64, Float64]) -> None:
    usual, found = samples
    value, error = kpd(usual, found, batch_size=5000)  # jetnet's default
    assert value == pytest.approx(0.0009150588, rel=1e-6)
    assert error == pytest.approx(2.144e-4, rel=4e-4)
    value, error = kpd(usual, found)  # the challenge's
    assert value == pytest.approx(0.0008119951, rel=1e-6)
    assert error == pytest.approx(1.107e-4, rel=4e-4)


def test_sizes_are_the_challenges() -> None:
    assert sample_sizes(10_000, 50_000).tolist() == [
        10000, 10975, 12162, 13636, 15517, 18000, 21428, 26470, 34615, 49999,
    ]  # fmt: skip
