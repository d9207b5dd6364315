"""Plan a fast simulation: find out before anything starts whether a generator can stand in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from caloexport.converters.open import open_model
from caloexport.runtime.errors import UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.units import format_energy
from caloexport.simulation.detector import ScoringPlan
from caloexport.simulation.fast.conditions import FastConditions
from caloexport.simulation.fast.mesh import UNTOLD, FastMesh
from caloexport.simulation.plan import Plan
from caloexport.simulation.scorings import make_scoring


def with_fast(plan: Plan, artifact: Path) -> Plan:
    """Return a plan whose particles a generator replaces, after checking that it can.

    Args:
        plan: of full simulation.
        artifact: an artifact of ours, or a run folder.

    Raises:
        InputFileError: no such artifact, or a damaged one.
        UnknownName: the generator does not know the detector.
        OutOfRange: energies or angles of the beam that it was not trained on.
        UsageError: it is a bare network, has conditions that nothing here measures, or other
            cells; or another method than Geant4.
    """
    if plan.method != "geant4":
        message = f"particles of the method '{plan.method}' cross no front face to be taken at"
        raise UsageError(message, hint="fast simulation is an option of geant4")
    generator, sampling = open_generator(artifact)
    conditions = FastConditions(sampling.conditions, plan.detector.name)
    conditions.require_beam(plan.pdg, plan.energy_mev, plan.theta_rad)
    fast_mesh(plan, generator)
    fast = {
        "artifact": str(artifact.resolve()),
        "sha256": generator.manifest.hash,
        "threshold_mev": conditions.lowest_mev,
    }
    return replace(plan, settings={**plan.settings, "fast": fast})


def fast_remarks(plan: Plan) -> list[str]:
    """Return what a user should know of a fast simulation before it starts, a line each."""
    generator, sampling = open_generator(Path(plan.settings["fast"]["artifact"]))
    name = generator.manifest.name
    remarks = []
    threshold_mev = plan.settings["fast"]["threshold_mev"]
    if plan.energy_mev.low < threshold_mev:
        below = format_energy(threshold_mev)
        remarks.append(f"particles below {below} are simulated in full: '{name}' begins there")
    if 22 in plan.pdg and "pdg" not in {condition.name for condition in sampling.conditions}:
        remarks.append(f"'{name}' does not tell photons from electrons")
    mesh = fast_mesh(plan, generator)
    if mesh.sizes_from == UNTOLD:
        remarks.append(f"'{name}' does not tell its cell sizes: those of the mesh are taken")
    return remarks


def fast_provenance(plan: Plan) -> dict[str, str | float]:
    """Return the attributes of a file whose showers a generator made; none without one."""
    settings = plan.settings.get("fast")
    if settings is None:
        return {}
    generator, _ = open_generator(Path(settings["artifact"]))
    return {
        "generator": f"fast simulation by {generator.manifest.name} in Geant4",
        "fast_manifest_sha256": settings["sha256"],
        "fast_threshold_mev": settings["threshold_mev"],
        "fast_cell_sizes": fast_mesh(plan, generator).sizes_from,
    }


def fast_mesh(plan: Plan, generator: Generator) -> FastMesh:
    """Return how the cells of a generator lie in the mesh of a plan.

    Raises:
        UsageError: they are not the same cells.
    """
    scoring = make_scoring(only_scoring(plan), plan.detector)
    return FastMesh.between(generator.manifest, scoring.mesh, plan.detector.name)


def open_generator(artifact: Path) -> tuple[Generator, Sampling]:
    """Open a generator that can sample.

    Raises:
        InputFileError: no such artifact, or a damaged one.
        UsageError: a bare network.
    """
    generator = open_model(artifact)
    if generator.sampling is None:
        message = f"'{generator.manifest.name}' is a bare network: it has no noise law and no mesh"
        hint = "convert the run folder instead of its Keras file"
        raise UsageError(message, where=str(artifact), hint=hint)
    return generator, generator.sampling


def only_scoring(plan: Plan) -> ScoringPlan:
    """Return the one mesh of a plan.

    Raises:
        UsageError: there are several.
    """
    if len(plan.scorings) != 1:
        names = ", ".join(scoring.name for scoring in plan.scorings)
        message = f"fast simulation fills the mesh of its generator, and {names} were asked for"
        raise UsageError(message, hint="give one --mesh")
    return plan.scorings[0]
