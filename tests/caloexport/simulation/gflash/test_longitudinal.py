from __future__ import annotations

import math
from dataclasses import replace

import pytest

from caloexport.simulation.gflash.effective_medium import EffectiveMedium
from caloexport.simulation.gflash.longitudinal import longitudinal_law, tuned_law
from caloexport.simulation.gflash.tuning import load_tuning

HOMOGENEOUS = EffectiveMedium(68.36, 170.9, 8.92, 10.0, 21.6, 0.0, 1.0)
SAMPLING = replace(HOMOGENEOUS, frequency=2.0, e_over_mip=0.7)
#: ln(E/Ec) = 7
ENERGY_MEV = 10 * math.exp(7)


def test_formulas_of_the_homogeneous_calorimeter() -> None:
    law = longitudinal_law(HOMOGENEOUS, ENERGY_MEV)
    assert law.t == pytest.approx(6.188)
    assert law.a == pytest.approx(0.81 + (0.458 + 0.033060) * 7, abs=1e-4)
    assert law.sigma_t == pytest.approx(1 / 7.42)
    assert law.sigma_a == pytest.approx(1 / 5.44)
    assert law.correlation == pytest.approx(0.544)


def test_formulas_of_the_sampling_calorimeter() -> None:
    law = longitudinal_law(SAMPLING, ENERGY_MEV, sampling=True)
    assert law.t == pytest.approx(6.188 - 0.275 - 0.207)
    assert law.a == pytest.approx(0.81 + (0.458 + 0.033060) * 7 - 0.238, abs=1e-4)
    assert law.sigma_t == pytest.approx(1 / 6.25)
    assert law.sigma_a == pytest.approx(1 / 4.71)
    assert law.correlation == pytest.approx(0.623)


def test_a_homogeneous_calorimeter_has_no_corrections_for_sampling() -> None:
    law = longitudinal_law(HOMOGENEOUS, ENERGY_MEV)
    assert longitudinal_law(HOMOGENEOUS, ENERGY_MEV, sampling=True) == law


@pytest.mark.parametrize("energy_mev", [10.0, 12.0, 30.0])
@pytest.mark.parametrize("sampling", [False, True])
def test_the_lowest_energies_are_guarded(energy_mev: float, sampling: bool) -> None:
    law = longitudinal_law(SAMPLING, energy_mev, sampling=sampling)
    assert law.t >= 0.1
    assert law.a >= 0.1
    assert 0 < law.sigma_t <= 0.5
    assert 0 < law.sigma_a <= 0.5


def test_tuning_scales_means_and_spreads() -> None:
    law = longitudinal_law(HOMOGENEOUS, ENERGY_MEV)
    tuning = replace(
        load_tuning("default"), t_scale=1.1, t_slope=0.2, a_scale=0.9, a_slope=0.0,
        sigma_t_scale=0.5, sigma_a_scale=2.0, correlation_shift=0.9,
    )  # fmt: skip
    tuned = tuned_law(law, HOMOGENEOUS, ENERGY_MEV, tuning)
    assert tuned.t == pytest.approx(law.t * (1.1 + 0.2 * (7 - 7.1)))
    assert tuned.a == pytest.approx(law.a * 0.9)
    assert (tuned.sigma_t, tuned.sigma_a) == (law.sigma_t / 2, law.sigma_a * 2)
    assert tuned.correlation == 1.0
