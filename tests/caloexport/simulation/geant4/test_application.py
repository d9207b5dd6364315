"""Geant4 in a process: what its showers depend on, and that no energy gets lost."""

from __future__ import annotations

import dataclasses
import math
import pickle

import numpy as np
import pytest

from caloexport.simulation.detector import Detector
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.conftest import RunGeant4

ANGLES = Spectrum("uniform", (math.radians(60), math.radians(120)))


def planned(detector: Detector, energies: Spectrum, angles: Spectrum, **changes: object) -> Plan:
    scorings = tuple(detector.scorings.values())
    plan = Plan("geant4", detector, scorings, (11, 22, -11), energies, angles, 100, 7, {})
    return dataclasses.replace(plan, **changes)  # type: ignore[arg-type]


def everything(shower: Simulated) -> bytes:
    """The shower without the time that it took."""
    return pickle.dumps(dataclasses.replace(shower, cpu_s=0.0))


@pytest.fixture(scope="module")
def mixed() -> Plan:
    """Particles, energies and angles mixed."""
    return planned(load_detector("siw"), Spectrum("log-uniform", (10.0, 1000.0)), ANGLES)


@pytest.fixture(scope="module")
def in_order(run_geant4: RunGeant4, mixed: Plan) -> list[Simulated]:
    return run_geant4(mixed, range(12))


def test_a_shower_depends_on_its_number_only_and_not_on_the_hook(
    run_geant4: RunGeant4, mixed: Plan, in_order: list[Simulated]
) -> None:
    plain = run_geant4(mixed, [11, 5, 2], spoilt=True)
    assert [shower.number for shower in plain] == [11, 5, 2]
    for shower in plain:
        native = in_order[shower.number]
        for name, cells in shower.energies.items():
            assert np.abs(cells - native.energies[name]).max() <= 1e-6 * native.primary.energy_mev
        assert everything(shower) == everything(native)


def test_energy_is_conserved(in_order: list[Simulated]) -> None:
    for shower in in_order:
        energy = shower.primary.energy_mev
        # a positron may leave its two photons of 511 keV
        assert 0.5 * energy < shower.deposited_mev < energy + 2 * 0.511 + 1e-6
        for inside in shower.inside_mev.values():
            assert 0 < inside <= shower.deposited_mev * (1 + 1e-12)
        assert 0 < shower.active_mev < 0.2 * shower.deposited_mev
        assert shower.upstream_mev == 0
