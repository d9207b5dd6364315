"""Simulate the showers of a reference point and compare them with it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from caloexport.runtime.mesh import CylinderMesh
from caloexport.simulation.crew.dispatch import Dispatch
from caloexport.simulation.crew.folder import finished, progress_folder
from caloexport.simulation.crew.record import Recorded, read_record
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.scorings import make_scoring
from caloexport.simulation.selfcheck.check import Check
from caloexport.simulation.selfcheck.quantities import Sample, measure
from caloexport.simulation.selfcheck.references import Point, Reference
from caloexport.simulation.simulators import simulators
from caloexport.simulation.spectrum import Spectrum

MESH = "18x50x45"
ELECTRON = 11
#: two ways to find the maximum of a profile in cells of 0.5 to 0.8 X0 differ by this, X0
DEFINITION_X0 = 0.2
#: the rule is one of thumb: the references themselves differ from it by so much, X0
RULE_X0 = 0.3

#: (energy simulated so far, showers simulated so far)
Report = Callable[[float, int], None]


def plan_of(point: Point, n: int, seed: int) -> Plan:
    """Return the simulation of a point."""
    detector = load_detector(point.detector)
    return Plan(
        "geant4", detector, (detector.scorings[MESH],), (ELECTRON,),
        Spectrum("values", (point.energy_mev,)), Spectrum("values", (math.pi / 2,)), n, seed, {},
    )  # fmt: skip


def simulate(plan: Plan, jobs: int, report: Report) -> list[Recorded]:
    """Simulate the showers of a plan and return them; nothing is kept.

    Raises:
        MissingDependency, WorkerFailed: as in :func:`caloexport.simulation.run.run_simulation`.
    """
    simulator = simulators[plan.method]
    simulator.check(plan)
    with (
        tempfile.TemporaryDirectory(prefix="caloexport-selfcheck-") as place,
        progress_folder(
            Path(place) / "x", plan, simulator.provenance(plan), resume=False
        ) as folder,
    ):
        energies_mev = {number: plan.primary(number).energy_mev for number in range(plan.n)}
        Dispatch(folder, energies_mev, report).run(jobs)
        found = finished(folder)
        return [read_record(number, found[number]) for number in range(plan.n)]


def sample_of(plan: Plan, showers: list[Recorded]) -> Sample:
    """Return what is measured of the showers in the first mesh of their plan."""
    scoring = plan.scorings[0]
    mesh = make_scoring(scoring, plan.detector).mesh
    assert isinstance(mesh, CylinderMesh) and mesh.dr_mm and mesh.dz_mm
    by_depth, by_radius, cells = [], [], []
    for shower in showers:
        index, energies = shower.cells[scoring.name]
        r, _, z = np.unravel_index(index, mesh.shape)
        by_depth.append(np.bincount(z, energies, mesh.n_z))
        by_radius.append(np.bincount(r, energies, mesh.n_r))
        cells.append(float(len(index)))
    return Sample(
        mesh.dr_mm,
        mesh.dz_mm,
        showers[0].primary.energy_mev,
        np.array([shower.deposited_mev for shower in showers]),
        np.array([shower.inside_mev[scoring.name] for shower in showers]),
        np.array([shower.active_mev for shower in showers]),
        np.array(cells),
        np.array(by_depth),
        np.array(by_radius),
    )


def compare(point: Point, sample: Sample) -> list[Check]:
    """Return a check of every value of the point, and of the maximum against the PDG's rule."""
    measured = measure(sample, point.x0_mm)
    subject = f"{point.detector}, {point.energy_mev / 1e3:g} GeV"
    checks = []
    for name, reference in point.values.items():
        value, error = measured[name]
        spread = reference_error(reference, error * math.sqrt(len(sample) / point.n))
        if name == "t_max":
            spread = math.hypot(spread, DEFINITION_X0)
        checks.append(Check(subject, name, value, error, reference.value, spread))
    value, error = measured["t_max"]
    rule = math.log(point.energy_mev / point.critical_mev) - 0.5
    checks.append(Check(subject, "t_max by the rule ln(E/Ec) - 0.5", value, error, rule, RULE_X0))
    return checks


def reference_error(reference: Reference, statistical: float) -> float:
    """Return the error of a reference: its own or that of its number of showers, and rounding."""
    own = statistical if reference.error is None else reference.error
    return math.hypot(own, reference.rounding)
