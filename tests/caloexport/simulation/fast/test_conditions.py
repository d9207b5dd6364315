"""What a generator is told of a particle."""

from __future__ import annotations

import math

import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import OutOfRange, UsageError
from caloexport.simulation.fast.conditions import FastConditions

ENERGY = Condition("energy_mev", 1e3, 64e3)
KINDS = Condition("pdg", categories=("11", "22"))


def test_what_the_generator_does_not_know_is_left_out() -> None:
    assert FastConditions([ENERGY], "siw").values(22, 2e3, 1.5) == {"energy_mev": 2e3}


def test_every_condition_by_name() -> None:
    known = [
        ENERGY, Condition("theta_rad", 1.0, 2.0), Condition("phi_rad", -math.pi, math.pi), KINDS,
        Condition("geometry", categories=("scipb", "siw")),
    ]  # fmt: skip
    wanted = {
        "energy_mev": 2e3, "theta_rad": 1.5, "phi_rad": 0.0, "geometry": "siw", "pdg": "22",
    }  # fmt: skip
    assert FastConditions(known, "siw").values(22, 2e3, 1.5) == wanted


def test_an_electron_stands_in_for_a_positron() -> None:
    conditions = FastConditions([ENERGY, KINDS], "siw")
    assert conditions.values(-11, 2e3, 1.5)["pdg"] == "11"
    assert conditions.knows(22)
    electrons = FastConditions([ENERGY, Condition("pdg", 11, 11)], "siw")
    assert electrons.values(-11, 2e3, 1.5)["pdg"] == 11
    assert not electrons.knows(22)


def test_without_angles_perpendicular_incidence_is_what_it_knows() -> None:
    conditions = FastConditions([ENERGY], "siw")
    assert conditions.knows_angle(math.pi / 2)
    assert not conditions.knows_angle(1.5)


def test_without_a_range_everything_from_the_least_energy_on() -> None:
    conditions = FastConditions([Condition("energy_mev")], "siw")
    assert conditions.lowest_mev == 10.0
    assert conditions.highest_mev == math.inf


def test_a_condition_that_nothing_measures() -> None:
    with pytest.raises(UsageError, match="impact_mm"):
        FastConditions([ENERGY, Condition("impact_mm", 0.0, 1.0)], "siw")
    FastConditions([ENERGY, Condition("impact_mm", 1.0, 1.0)], "siw")  # one value: no question


def test_azimuths_that_leave_out_the_beam() -> None:
    with pytest.raises(OutOfRange, match="phi_rad"):
        FastConditions([ENERGY, Condition("phi_rad", 1.0, 2.0)], "siw")
