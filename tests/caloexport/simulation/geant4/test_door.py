"""The door: who goes through it, and that behind it nothing of Geant4 is left."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from caloexport.simulation.fast.planning import with_fast
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.geant4.door import Door, make_door
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import make_scoring
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.conftest import RunGeant4
from tests.caloexport.simulation.fast.conftest import toy_artifact, toy_plan, toy_shower

ANGLES = Spectrum("values", tuple(math.radians(degrees) for degrees in (90, 75, 60)))


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_artifact(tmp_path_factory.mktemp("door"))


def planned(artifact: Path, **changed: Any) -> Plan:
    return with_fast(toy_plan(**changed), artifact)


def test_all_that_is_left_is_the_shower_of_the_generator(
    run_geant4: RunGeant4, artifact: Path
) -> None:
    plan = planned(artifact, pdg=(11, 22, -11), theta_rad=ANGLES)
    for shower in run_geant4(plan, range(9)):
        wanted = toy_shower(artifact, plan, shower.primary, shower.number, 0)
        assert shower.energies["toy"] == pytest.approx(wanted, rel=1e-5)
        assert shower.inside_mev["toy"] == pytest.approx(wanted.sum(), rel=1e-5)
        assert shower.upstream_mev == 0
        assert math.isnan(shower.deposited_mev)  # the generator does not tell
        assert math.isnan(shower.active_mev)


def test_a_barrel_behind_empty_slabs(run_geant4: RunGeant4, artifact: Path) -> None:
    nothing = [{"slabs": [{"material": "G4_Galactic", "thickness": "5mm"}]}]
    plan = planned(artifact, theta_rad=ANGLES, upstream=nothing, inner_radius="800mm")
    for shower in run_geant4(plan, range(3)):
        wanted = toy_shower(artifact, plan, shower.primary, shower.number, 0)
        assert shower.energies["toy"] == pytest.approx(wanted, rel=1e-5)


def test_lead_in_front_and_energies_below_the_threshold(
    run_geant4: RunGeant4, artifact: Path
) -> None:
    lead = [{"slabs": [{"material": "G4_Pb", "thickness": "10mm"}]}]
    energies = Spectrum("values", (20_000.0, 300.0))
    plan = planned(artifact, upstream=lead, energy_mev=energies)
    showers = run_geant4(plan, range(4))
    for shower in showers[1::2]:  # in full
        assert 0 < shower.active_mev < 0.1 * shower.deposited_mev
        assert 150 < shower.deposited_mev + shower.upstream_mev < 301
    for shower in showers[::2]:  # several particles with less energy each
        one = toy_shower(artifact, plan, shower.primary, shower.number, 0)
        assert shower.upstream_mev > 10
        assert math.isnan(shower.active_mev)
        assert shower.energies["toy"].sum() > 1000
        assert not np.allclose(shower.energies["toy"], one, rtol=0.01)


def vector(x: float, y: float, z: float) -> Any:
    return SimpleNamespace(x=x, y=y, z=z)


def step(pdg: int, energy_mev: float, along: tuple[float, float, float]) -> Any:
    """Return what the door looks at of a step."""
    definition = SimpleNamespace(GetPDGEncoding=lambda: pdg)
    track = SimpleNamespace(
        GetKineticEnergy=lambda: energy_mev,
        GetDefinition=lambda: definition,
        GetMomentumDirection=lambda: vector(*along),
    )
    point = SimpleNamespace(GetPosition=lambda: vector(1.0, 2.0, -0.01))
    return SimpleNamespace(GetTrack=lambda: track, GetPreStepPoint=lambda: point)


def test_full_simulation_has_no_door() -> None:
    assert make_door(toy_plan()) is None


def test_particles_are_handed_over_once(artifact: Path) -> None:
    plan = planned(artifact)
    door = make_door(plan)
    assert isinstance(door, Door)
    assert door.take(step(11, 5000.0, (0.0, 0.0, 1.0)))
    assert door.take(step(22, 2000.0, (0.0, 0.0, 1.0)))
    assert not door.take(step(11, 5000.0, (0.0, 0.0, -1.0)))
    assert not door.take(step(2112, 5000.0, (0.0, 0.0, 1.0)))
    assert not door.take(step(22, 100.0, (0.0, 0.0, 1.0)))
    assert [(one.pdg, one.energy_mev) for one in door.taken] == [(11, 5000.0), (22, 2000.0)]
    assert door.taken[0].frame.entry_mm == pytest.approx([1.0, 2.0, 0.0])
    scoring = make_scoring(plan.scorings[0], plan.detector)
    scoring.start(shower_frame(math.pi / 2), Primary(11, 7000.0, math.pi / 2))
    assert door.hand_over(scoring, 0)
    caught_mev = scoring.inside_mev
    assert caught_mev > 0
    assert not door.hand_over(scoring, 0)
    assert scoring.inside_mev == caught_mev
