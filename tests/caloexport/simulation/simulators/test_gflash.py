"""The simulator gflash: showers in meshes, what it refuses, what it says of itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulators import simulators
from caloexport.simulation.spectrum import Spectrum

gflash = simulators["gflash"]


def plan(detector: str = "siw", theta_deg: float = 90.0, seed: int = 1, **settings: str) -> Plan:
    stack = load_detector(detector)
    angles = Spectrum("values", (math.radians(theta_deg),))
    energies = Spectrum("log-uniform", (1e3, 8e3))
    meshes = tuple(stack.scorings.values())
    return Plan("gflash", stack, meshes, (11, 22), energies, angles, 9, seed, settings)


def test_a_shower_depends_on_the_plan_and_its_number_only() -> None:
    forward, backward = gflash(plan()), gflash(plan())
    showers = {number: forward.simulate(number) for number in range(4)}
    for number in reversed(range(4)):
        again = backward.simulate(number)
        assert again.primary == showers[number].primary
        assert again.deposited_mev == showers[number].deposited_mev
        for name, cells in again.energies.items():
            assert np.array_equal(cells, showers[number].energies[name])
    other = gflash(plan(seed=2)).simulate(0)
    assert other.deposited_mev != showers[0].deposited_mev


def test_the_balance_adds_up() -> None:
    made = gflash(plan())
    for number in range(6):
        shower = made.simulate(number)
        energy = shower.primary.energy_mev
        assert 0.9 * energy < shower.deposited_mev <= energy
        assert 0.02 < shower.active_mev / energy < 0.05
        assert shower.upstream_mev == 0
        inside = shower.inside_mev["18x50x45"]
        assert 0.95 * shower.deposited_mev < inside <= shower.deposited_mev * (1 + 1e-12)
        assert shower.energies["18x50x45"].sum() == pytest.approx(inside, rel=1e-3)


def test_sums_of_the_meshes_agree_with_the_meshes_of_active_energy() -> None:
    shower = gflash(plan("calochallenge2")).simulate(0)
    [mesh] = shower.energies
    assert shower.inside_mev[mesh] == pytest.approx(shower.active_mev, rel=0.05)


def test_possible_plans_pass() -> None:
    gflash.check(plan())
    gflash.check(plan("odd-ecal", law="sampling", tuning="scipb"))


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(UsageError, match="10° to 170°"):
        gflash.check(plan(theta_deg=5.0))
    for settings in ({"law": "strong"}, {"tuning": "fine"}, {"cut_mm": "0.7"}):
        with pytest.raises(UnknownName):
            gflash.check(plan(**settings))


def test_it_never_calls_itself_full_simulation() -> None:
    said = gflash.provenance(plan())
    assert said["generator"] == "GFlash parametrisation"
    assert "not a full simulation" in str(said["generator_note"])
    assert (said["gflash_law"], said["gflash_tuning"]) == ("homogeneous", "siw")
    assert gflash.provenance(plan("fcc-siw"))["gflash_tuning"] == "default"
    assert "Geant4" not in str(said["generator"])


def test_factors_of_no_or_another_stack_are_told() -> None:
    assert gflash.remarks(plan()) == []
    assert "factors tuned to Geant4" in str(gflash.provenance(plan())["generator_note"])
    for other, words in (
        (plan("fcc-siw"), "no factors were tuned to Geant4 for the stack of 'fcc-siw'"),
        (plan("siw", tuning="default"), "no factors were tuned to Geant4 for the stack of 'siw'"),
        (plan("siw", tuning="scipb"), "the factors are those of 'scipb', the stack of 'siw' is"),
        (plan("siw", law="sampling"), "the factors were tuned with the law 'homogeneous', not"),
    ):
        (remark,) = gflash.remarks(other)
        assert remark.startswith(f"warning: {words}")
        note = str(gflash.provenance(other)["generator_note"])
        assert words in note
        assert "factors tuned to Geant4" not in note
        assert "not a full simulation" in note
