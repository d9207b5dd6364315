"""Mean and spread of quantities as functions of the incident energy."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.training.energy_law import MAX_DISTINCT, SMALLEST_SPREAD, energy_law


def test_at_each_energy_they_are_those_of_its_showers() -> None:
    random = np.random.default_rng(0)
    energy = np.repeat([1024.0, 65536.0], [300, 50])
    values = random.normal([[0.2, 0.1]], [[0.01, 0.03]], (350, 2))
    values[energy > 2000] *= 2
    mean, spread = energy_law(energy, values).at(np.array([65536.0, 1024.0]))
    for row, part in ((0, values[300:]), (1, values[:300])):
        np.testing.assert_allclose(mean[row], part.mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(spread[row], part.std(axis=0), rtol=1e-6)


def test_between_energies_they_are_linear_in_the_logarithm_and_outside_constant() -> None:
    law = energy_law(np.array([1e3, 1e3, 1e5, 1e5]), np.array([[0.0], [2.0], [4.0], [8.0]]))
    mean, spread = law.at(np.array([10.0, 1e4, 1e7]))
    np.testing.assert_allclose(mean[:, 0], [1, 3.5, 6])
    np.testing.assert_allclose(spread[:, 0], [1, 1.5, 2])


def test_a_continuous_spectrum_is_cut_into_windows() -> None:
    random = np.random.default_rng(1)
    energy = np.exp(random.uniform(np.log(1e3), np.log(1e5), 20_000))
    assert len(np.unique(energy)) > MAX_DISTINCT
    values = 0.1 * np.log(energy) + random.normal(0, 0.02, energy.size)
    mean, spread = energy_law(energy, values[:, None]).at(np.array([2e3, 5e4]))
    np.testing.assert_allclose(mean[:, 0], 0.1 * np.log([2e3, 5e4]), atol=3e-3)
    # a window is 0.38 wide in ln E: its own slope adds 0.011 to the spread in quadrature
    np.testing.assert_allclose(spread[:, 0], np.hypot(0.02, 0.0111), rtol=0.05)


@pytest.mark.parametrize("second", [0.0, 1e-9])
def test_an_empty_layer_has_a_spread_to_divide_by(second: float) -> None:
    values = np.array([[0.2, 0.0], [0.3, second]])
    _, spread = energy_law(np.array([1e3, 1e3]), values).at(np.array([1e3]))
    assert spread[0, 1] == pytest.approx(SMALLEST_SPREAD * 0.25)


@pytest.mark.parametrize("alone", [0, 1])
def test_an_energy_with_a_single_shower_has_the_spread_of_its_neighbour(alone: int) -> None:
    energy, other = np.array([[1e3, 1e5], [1e5, 1e3]])[alone]
    values = np.array([[0.2], [0.22], [0.18], [0.21], [0.3]])
    mean, spread = energy_law(np.array([energy] * 4 + [other]), values).at(np.array([other]))
    assert mean[0, 0] == pytest.approx(values[:4].mean())
    assert spread[0, 0] == pytest.approx(values[:4].std())
