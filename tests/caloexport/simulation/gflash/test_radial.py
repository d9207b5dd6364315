from __future__ import annotations

import math
from dataclasses import replace

import pytest

from caloexport.simulation.gflash.effective_medium import EffectiveMedium
from caloexport.simulation.gflash.radial import CONSTANTS, radial_constants
from caloexport.simulation.gflash.tuning import Tuning, load_tuning
from caloexport.simulation.kernels.gflash_radial import radial_law

MEDIUM = EffectiveMedium(70.0, 180.0, 4.0, 8.0, 10.0, 2.0, 0.7)


def untuned() -> Tuning:
    ones = {"core_scale": 1.0, "tail_scale": 1.0, "tail_slope": 0.0, "weight_scale": 1.0}
    return replace(load_tuning("default"), **ones)


@pytest.mark.parametrize("tau", [0.2, 1.0, 2.5])
@pytest.mark.parametrize("energy_gev", [1.0, 50.0])
def test_formulas_of_the_homogeneous_calorimeter(tau: float, energy_gev: float) -> None:
    log_e = math.log(energy_gev)
    core = 0.0251 + 0.00319 * log_e + (0.1162 - 0.000381 * 70) * tau
    k4 = 0.3585 + 0.0421 * log_e
    tail = (0.659 - 0.00309 * 70) * (math.exp(-2.59 * (tau - 0.645)) + math.exp(k4 * (tau - 0.645)))
    q = (0.401 + 0.00187 * 70 - tau) / (1.313 - 0.0686 * log_e)
    share = min((2.632 - 0.00094 * 70) * math.exp(q - math.exp(q)), 1.0)
    found = radial_law(tau, radial_constants(MEDIUM, 1000 * energy_gev, untuned()))
    assert found == pytest.approx((10 * core, 10 * tail, share))


def test_corrections_for_sampling_at_ten_gev() -> None:
    tau, decay = 1.0, math.exp(-1)
    plain = radial_law(tau, radial_constants(MEDIUM, 10_000, untuned()))
    found = radial_law(tau, radial_constants(MEDIUM, 10_000, untuned(), sampling=True))
    assert found[0] == pytest.approx(plain[0] + 10 * (-0.0203 * 0.3 + 0.0397 / 2 * decay))
    assert found[1] == pytest.approx(plain[1] + 10 * (-0.14 * 0.3 - 0.495 / 2 * decay))
    assert found[2] == pytest.approx(min(plain[2] + 0.3 * (0.348 - 0.642 / 2), 1.0))


def test_constants_are_those_that_are_named() -> None:
    constants = radial_constants(MEDIUM, 10_000, replace(untuned(), reach=4.0))
    named = dict(zip(CONSTANTS, constants, strict=True))
    assert named["k3"] == -2.59
    assert named["unseen"] == 0.0
    assert named["reach_mm"] == 40.0
