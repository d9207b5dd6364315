from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.validation.compare import compare_statistics
from caloexport.validation.statistics.radius import radii_of_share, radius_of_share
from caloexport.validation.statistics.resolution import resolution


def test_resolution_is_relative() -> None:
    response = np.array([0.8, 1.0, 1.2])
    assert resolution(response) == pytest.approx(0.2)
    assert resolution(3 * response) == pytest.approx(0.2)
    assert resolution(np.zeros(3)) == 0.0


def test_radius_of_a_share() -> None:
    edges = np.array([0.0, 2.0, 4.0, 6.0])
    lateral = np.array([[4.0, 2.0, 0.0], [2.0, 0.0, 2.0]])
    assert radius_of_share(edges, lateral, 0.6) == pytest.approx(2.0)
    assert radius_of_share(edges, lateral, 0.9) == pytest.approx(5.0)
    assert radius_of_share(edges, np.zeros((1, 3))) == 0.0


def test_the_error_of_a_ratio_of_spreads_is_that_of_statistics() -> None:
    random = np.random.default_rng(1)
    usual, found = random.normal(1, 0.1, 400), random.normal(1, 0.2, 400)
    ratio = compare_statistics(resolution, usual, found, seed=3)
    assert ratio.error is not None
    assert ratio.floor is not None
    # relative error of a standard deviation: 1/sqrt(2 n)
    assert ratio.error / ratio.value == pytest.approx(1 / 20, rel=0.3)
    assert abs(ratio.value - 2) < 4 * ratio.error
    assert ratio.floor == pytest.approx(0.8 / 20, rel=0.35)
    assert compare_statistics(resolution, usual, found, seed=3) == ratio


def test_few_showers_have_no_error_and_none_are_refused() -> None:
    few = compare_statistics(resolution, np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    assert (few.error, few.floor) == (None, None)
    with pytest.raises(UsageError, match="nothing to compare"):
        compare_statistics(resolution, np.zeros(0), np.ones(4))
    with pytest.raises(UsageError, match="expected > 0"):
        compare_statistics(resolution, np.ones(4), np.ones(4))


def test_radii_of_single_showers_are_those_of_samples_of_one() -> None:
    random = np.random.default_rng(0)
    edges = np.cumsum(random.random(8)) - 0.1
    showers = random.exponential(1, (200, 7)) * (random.random((200, 7)) < 0.4)
    found = radii_of_share(edges, showers)
    empty = showers.sum(axis=1) == 0
    assert 0 < empty.sum() < 20
    assert np.isnan(found).tolist() == empty.tolist()
    for radius, shower in zip(found[~empty], showers[~empty], strict=True):
        assert radius == pytest.approx(radius_of_share(edges, shower[None]))
        inside = np.interp(radius, edges, np.concatenate([[0], np.cumsum(shower)]))
        assert inside == pytest.approx(0.9 * shower.sum())


def test_bins_without_energy_behind_the_share_do_not_count() -> None:
    edges = np.array([0.0, 1.0, 2.0, 3.0])
    assert radius_of_share(edges, np.array([[0.5, 0.0, 0.5]]), 0.5) == 1.0
