"""The showers of a generator in a detector: cell by cell those of the artifact."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.simulation.fast.incidence import Entrant, Incidence
from caloexport.simulation.fast.planning import with_fast
from caloexport.simulation.fast.showers import FastShowers
from caloexport.simulation.frame import direction, shower_frame
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import Scoring, make_scoring
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.fast.conftest import MESH, MakePlan, toy_shower
from tests.networks import decoder

ANGLES = (90.0, 75.0, 60.0)


def entrant(theta_rad: float, entry_mm: tuple[float, float] = (0.0, 0.0)) -> Entrant:
    """Return an electron of 5 GeV some micrometres in front of where it enters."""
    along = direction(theta_rad)
    return Entrant(11, 5000.0, np.array([*entry_mm, 0.0]) - 0.01 * along / along[2], along)


def admitted(showers: FastShowers, *where: Any) -> Incidence:
    """Return an electron that must be replaced."""
    incidence = showers.admit(entrant(*where))
    assert incidence is not None
    return incidence


def generated(artifact: Path, plan: Plan, theta_rad: float, number: int, order: int) -> Float32:
    return toy_shower(artifact, plan, Primary(11, 5000.0, theta_rad), number, order)


def started(plan: Plan, primary: Primary) -> Scoring:
    scoring = make_scoring(plan.scorings[0], plan.detector)
    scoring.start(shower_frame(primary.theta_rad, primary.entry_mm), primary)
    return scoring


def planned(make_plan: MakePlan, artifact: Path, degrees: float = 90.0, **changed: object) -> Plan:
    theta = Spectrum("values", (math.radians(degrees),))
    return with_fast(make_plan(theta_rad=theta, **changed), artifact)


@pytest.mark.parametrize("degrees", ANGLES)
@pytest.mark.parametrize("entry_mm", [(0.0, 0.0), (12.5, -3.0)])
def test_cells_are_those_of_the_artifact(
    make_plan: MakePlan, artifact: Path, degrees: float, entry_mm: tuple[float, float]
) -> None:
    plan, theta = planned(make_plan, artifact, degrees), math.radians(degrees)
    scoring = started(plan, Primary(11, 5000.0, theta, entry_mm))
    showers = FastShowers(plan)
    showers.fill(scoring, [admitted(showers, theta, entry_mm)], number=2)
    wanted = generated(artifact, plan, theta, 2, 0)
    assert np.array_equal(scoring.finish(), wanted)
    assert scoring.inside_mev == pytest.approx(wanted.sum())
    assert np.count_nonzero(wanted) > 50


@pytest.mark.parametrize("degrees", ANGLES)
def test_steps_fall_into_the_same_cells(
    make_plan: MakePlan, artifact: Path, degrees: float
) -> None:
    plan, theta = planned(make_plan, artifact, degrees), math.radians(degrees)
    scoring = started(plan, Primary(11, 5000.0, theta, (4.0, 5.0)))
    showers = FastShowers(plan)
    rows = showers.deposits(admitted(showers, theta, (4.0, 5.0)), number=0)
    scoring.add(rows)
    wanted = generated(artifact, plan, theta, 0, 0)
    assert len(rows) == np.count_nonzero(wanted)
    assert np.array_equal(scoring.finish(), wanted)


def test_the_readouts_factor_is_not_applied_twice(make_plan: MakePlan, artifact: Path) -> None:
    mesh = {"deposits": "active", "factor": 1 / 0.033}
    plan = planned(make_plan, artifact, 60.0, mesh=mesh)
    theta = math.radians(60)
    showers, wanted = FastShowers(plan), generated(artifact, plan, theta, 0, 0)
    scoring = started(plan, Primary(11, 5000.0, theta))
    showers.fill(scoring, [admitted(showers, theta)], number=0)
    assert np.array_equal(scoring.finish(), wanted)
    assert scoring.inside_mev == pytest.approx(0.033 * wanted.sum())
    scoring.start(shower_frame(theta), Primary(11, 5000.0, theta))
    scoring.add(showers.deposits(admitted(showers, theta), number=0))
    assert np.array_equal(scoring.finish(), wanted)


def test_other_order_and_origin_of_the_azimuth(make_plan: MakePlan, tmp_path: Path) -> None:
    mesh = CylinderMesh(4, 6, 5, 10.0, 30.6, ("z", "phi", "r"), phi_origin_rad=0.0)
    export(decoder(mesh), "numba", tmp_path / "turned.safetensors", verify=False)
    plan, theta = planned(make_plan, tmp_path / "turned.safetensors", 75.0), math.radians(75)
    scoring = started(plan, Primary(11, 5000.0, theta))
    showers = FastShowers(plan)
    showers.fill(scoring, [admitted(showers, theta)], number=0)
    direct = scoring.finish().reshape(4, 6, 5)
    own = generated(tmp_path / "turned.safetensors", plan, theta, 0, 0).reshape(5, 6, 4)
    assert np.array_equal(direct, np.roll(own.transpose(2, 1, 0), 3, axis=1))
    scoring.start(shower_frame(theta), Primary(11, 5000.0, theta))
    scoring.add(showers.deposits(admitted(showers, theta), number=0))
    assert np.array_equal(scoring.finish().reshape(4, 6, 5), direct)


def test_several_particles_get_showers_of_their_own(make_plan: MakePlan, artifact: Path) -> None:
    plan, theta = planned(make_plan, artifact), math.pi / 2
    scoring = started(plan, Primary(11, 10_000.0, theta))
    showers = FastShowers(plan)
    pair = [admitted(showers, theta), admitted(showers, theta, (15.0, 0.0))]
    showers.fill(scoring, pair, number=1)
    first, second = (generated(artifact, plan, theta, 1, order) for order in (0, 1))
    assert not np.array_equal(first, second)
    assert np.all(scoring.finish() >= first)
    # the second sticks out of the mesh
    assert first.sum() < scoring.inside_mev < first.sum() + second.sum()


@pytest.mark.parametrize("azimuth_deg", [0.0, 40.0, 180.0, -100.0])
def test_a_turned_particle_has_the_same_shower_about_its_own_direction(
    make_plan: MakePlan, artifact: Path, azimuth_deg: float
) -> None:
    plan, theta = planned(make_plan, artifact, 60.0), math.radians(60)
    turn = math.radians(azimuth_deg)
    c, s = math.cos(turn), math.sin(turn)
    about_normal = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    straight = entrant(theta)
    turned = Entrant(11, 5000.0, straight.position_mm, about_normal @ straight.direction)
    turned = Entrant(11, 5000.0, -0.01 * turned.direction, turned.direction)
    showers = FastShowers(plan)
    incidence = showers.admit(turned)
    assert incidence is not None
    assert incidence.theta_rad == pytest.approx(theta)
    rows, plain = showers.deposits(incidence, 0), showers.deposits(admitted(showers, theta), 0)
    assert rows[:, 1:4] @ about_normal == pytest.approx(plain[:, 1:4])
    assert rows[:, 0] == pytest.approx(plain[:, 0], rel=1e-5)


def test_beyond_90_degrees_is_the_mirror_image(make_plan: MakePlan, artifact: Path) -> None:
    plan, theta = planned(make_plan, artifact, 110.0), math.radians(110)
    incidence = admitted(FastShowers(plan), theta)
    assert incidence.theta_rad == pytest.approx(math.radians(70))
    assert incidence.frame.axes[2] == pytest.approx(direction(theta))


def test_slabs_are_those_at_the_depth_or_the_nearest_that_counts(
    make_plan: MakePlan, artifact: Path
) -> None:
    upstream = [{"slabs": [{"material": "G4_Al", "thickness": "5mm"}]}]
    for deposits in ("all", "active"):
        plan = planned(make_plan, artifact, mesh={"deposits": deposits}, upstream=upstream)
        showers = FastShowers(plan)
        rows = showers.deposits(admitted(showers, math.pi / 2), 0)
        slabs = rows[:, 4].astype(int)
        counted = make_scoring(plan.scorings[0], plan.detector).counts
        assert counted[slabs].all()
        edges = plan.detector.edges_mm
        off = np.maximum(edges[slabs] - rows[:, 3], rows[:, 3] - edges[slabs + 1])
        assert off.max() < (1e-9 if deposits == "all" else 1.5)


def test_a_barrel_is_entered_along_its_radius(make_plan: MakePlan, artifact: Path) -> None:
    plan = planned(make_plan, artifact, inner_radius="800mm")
    angle = 0.1
    along = np.array([0.0, math.sin(angle), math.cos(angle)])
    on_face = 800 * along - [0.0, 0.0, 800.0]
    incidence = FastShowers(plan).admit(Entrant(11, 5000.0, on_face - 0.01 * along, along))
    assert incidence is not None
    assert incidence.theta_rad == pytest.approx(math.pi / 2)
    assert incidence.frame.entry_mm == pytest.approx(on_face)
    # at 90° every azimuth about the normal is as good; that of the beam axis is taken
    assert incidence.frame.axes[0] == pytest.approx([-1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("pdg", "energy_mev", "theta_deg", "taken"),
    [
        (11, 5000.0, 90.0, True),
        (-11, 5000.0, 90.0, True),
        (22, 5000.0, 61.0, True),
        (13, 5000.0, 90.0, False),
        (11, 999.0, 90.0, True),  # the end of the trained range is that of random energies
        (11, 990.0, 90.0, False),
        (11, 5000.0, 59.0, False),
        (11, 5000.0, -90.0, False),
    ],
)
def test_who_is_replaced(
    make_plan: MakePlan, artifact: Path, pdg: int, energy_mev: float, theta_deg: float, taken: bool
) -> None:
    showers = FastShowers(planned(make_plan, artifact))
    along = direction(math.radians(theta_deg))
    one = Entrant(pdg, energy_mev, np.array([0.0, 0.0, -0.01]), along)
    assert (showers.admit(one) is not None) is taken


def test_a_shower_depends_on_seed_number_and_order(make_plan: MakePlan, artifact: Path) -> None:
    def energies(seed: int, number: int, order: int) -> list[float]:
        showers = FastShowers(planned(make_plan, artifact, seed=seed))
        one = admitted(showers, math.pi / 2)
        showers.deposits(one, 5)  # what came before does not matter
        rows: list[float] = showers.deposits(one, number, order)[:, 0].tolist()
        return rows

    base = energies(1, 0, 0)
    assert energies(1, 0, 0) == base
    assert base not in (energies(2, 0, 0), energies(1, 1, 0), energies(1, 0, 1))


def test_another_artifact_under_the_same_name_is_refused(
    make_plan: MakePlan, tmp_path: Path
) -> None:
    path = tmp_path / "toy.safetensors"
    export(decoder(MESH), "numba", path, verify=False)
    plan = planned(make_plan, path)
    path.unlink()
    export(decoder(CylinderMesh(4, 6, 5)), "numba", path, verify=False)
    with pytest.raises(InputFileError, match="not the artifact"):
        FastShowers(plan)
