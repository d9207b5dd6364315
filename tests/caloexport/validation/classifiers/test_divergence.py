from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.validation.classifiers.divergence import jensen_shannon


def test_of_two_gaussians_it_is_the_integral() -> None:
    """The best classifier of densities p and q says q / (p + q)."""
    x = np.linspace(-12, 14, 200_001)
    p, q = (np.exp(-0.5 * (x - mean) ** 2) / math.sqrt(2 * math.pi) for mean in (0, 1.5))
    middle = (p + q) / 2
    expected = float(0.5 * np.trapezoid(p * np.log2(p / middle) + q * np.log2(q / middle), x))
    random = np.random.default_rng(1)
    drawn = np.concatenate([random.normal(0, 1, 40_000), random.normal(1.5, 1, 40_000)])
    labels = np.repeat([0.0, 1.0], 40_000)
    best = 1 / (1 + np.exp(1.5**2 / 2 - 1.5 * drawn))
    value, error = jensen_shannon(best, labels)
    assert error < 0.005
    assert abs(value - expected) < 3 * error
    assert 0.2 < expected < 0.5


def test_it_is_one_less_the_cross_entropy() -> None:
    probabilities, labels = np.array([0.2, 0.7, 0.4]), np.array([0, 1, 1])
    entropy = -np.mean([math.log(0.8), math.log(0.7), math.log(0.4)])
    value, error = jensen_shannon(probabilities, labels)
    assert value == pytest.approx((math.log(2) - entropy) / math.log(2))
    assert error > 0


def test_the_ends() -> None:
    labels = np.array([0, 1, 0, 1])
    assert jensen_shannon(np.abs(labels - 1e-6), labels)[0] == pytest.approx(1, abs=1e-5)
    assert jensen_shannon(np.full(4, 0.5), labels)[0] == 0
    assert jensen_shannon(np.abs(1 - labels - 1e-6), labels)[0] < -10  # wrong, and sure of it
