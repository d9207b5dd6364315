"""Plans: what a shower depends on, and nothing else."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.plan import BEAM, TRACKING, Plan
from caloexport.simulation.primary import particle_id
from caloexport.simulation.spectrum import Spectrum

WIDE = Spectrum("log-uniform", (1e3, 64e3))


def plan(energies: Spectrum = WIDE, seed: int = 1) -> Plan:
    detector = load_detector("siw")
    angles = Spectrum("values", (math.pi / 2, math.pi / 3))
    scorings = tuple(detector.scorings.values())
    return Plan("geant4", detector, scorings, (11, 22), energies, angles, 8, seed, {"cut_mm": 0.7})


def test_json_round_trip() -> None:
    one = plan()
    again = Plan.from_json(json.loads(json.dumps(one.to_json())))
    assert again.hash == one.hash
    assert [again.primary(i) for i in range(8)] == [one.primary(i) for i in range(8)]


def test_the_number_of_showers_does_not_change_them() -> None:
    longer = plan().with_n(100)
    assert longer.hash == plan().hash
    assert longer.primary(5) == plan().primary(5)


def test_particles_and_angles_take_turns() -> None:
    primaries = [plan().primary(i) for i in range(4)]
    assert [one.pdg for one in primaries] == [11, 22, 11, 22]
    assert [round(math.degrees(one.theta_rad)) for one in primaries] == [90, 90, 60, 60]


def test_streams_and_seeds_differ() -> None:
    one = plan()
    assert one.random(3, BEAM).random() != one.random(3, TRACKING).random()
    seeds = {one.engine_seeds(i) for i in range(100)} | {plan(seed=2).engine_seeds(0)}
    assert len(seeds) == 101
    assert all(1 <= seed < 2**31 for pair in seeds for seed in pair)


def test_log_uniform_energies_are_flat_in_the_logarithm() -> None:
    one = plan()
    energies = np.array([one.primary(i).energy_mev for i in range(0, 2000, 2)])
    share = np.log(energies / 1e3) / np.log(64)
    assert share.mean() == pytest.approx(0.5, abs=4 * math.sqrt(1 / 12 / 1000))


@pytest.mark.parametrize("energy_mev", [9.9, 1.1e6])
def test_energies_that_the_physics_does_not_cover_are_refused(energy_mev: float) -> None:
    with pytest.raises(UsageError, match="incident energies"):
        plan(Spectrum("values", (energy_mev,)))


def test_unknown_particles_are_refused() -> None:
    assert [particle_id(text) for text in ("e-", "e+", "gamma", "22")] == [11, -11, 22, 22]
    with pytest.raises(UsageError, match="pi\\+"):
        particle_id("pi+")
