"""Shower files of the records of a simulation: one file per mesh, showers in order of their number."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import CaloexportError, OutputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells
from caloexport.showers import open_showers, write_showers
from caloexport.simulation.crew.record import Place, read_record
from caloexport.simulation.detector import ScoringPlan
from caloexport.simulation.leakage import Leakage
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import Primary
from caloexport.simulation.provenance import attributes
from caloexport.simulation.scorings import make_scoring

#: bytes of float32 energies in memory at a time
BLOCK_BYTES = 2**24
#: showers with which it is tried whether a layout can hold them
TRIED = 3

Report = Callable[[int], None]


@dataclass(frozen=True)
class Target:
    """A file to make.

    Attributes:
        path: where.
        scoring: its mesh.
        mesh: the cells.
        format: layout.
        compact: store float16 with eight bits of mantissa.
    """

    path: Path
    scoring: ScoringPlan
    mesh: Mesh
    format: str
    compact: bool = False


def targets(
    plan: Plan, output: Path, format: str | None = None, *, compact: bool = False
) -> list[Target]:
    """Return the files that a simulation makes: ``output``, or one NAME-MESH.suffix per mesh.

    Args:
        plan: what is simulated.
        output: as the user names it.
        format: layout of all files; None takes each mesh's own: par04 for cylinders, else
            calochallenge.
        compact: store float16 with eight bits of mantissa.

    Raises:
        UnknownName: no such layout.
        UnsupportedError: a layout cannot express these showers.
        OutputFileError: a folder or a device is in the way.
        UsageError: a file is in the way that this plan did not make.
    """
    found = []
    for scoring in plan.scorings:
        mesh = make_scoring(scoring, plan.detector).mesh
        usual = "par04" if isinstance(mesh, CylinderMesh) else "calochallenge"
        path = output
        if len(plan.scorings) > 1:
            name = re.sub(r"[^\w.+=-]+", "-", scoring.name)
            path = output.with_name(f"{output.stem}-{name}{output.suffix}")
        found.append(Target(path, scoring, mesh, format or scoring.format or usual, compact))
    for target in found:
        if target.path.exists() and not target.path.is_file():
            message = "cannot be written: it is a folder or a device"
            raise OutputFileError(message, where=str(target.path), hint="choose another -o")
        if target.path.exists() and not _holds(plan, target.path):
            message = "exists already and holds something else than this simulation makes"
            hint = "choose another -o, or remove it"
            raise UsageError(message, where=str(target.path), hint=hint)
        _try(plan, target)
    return found


def _holds(plan: Plan, path: Path) -> bool:
    """Say whether a file holds showers of this plan, which may be made again."""
    try:
        with open_showers(path) as showers:
            return bool(showers.attributes.get("plan_sha256") == plan.hash)
    except CaloexportError:
        return False


def _try(plan: Plan, target: Target) -> None:
    """Write a few empty showers: hours of simulation should not end at a layout's refusal."""
    primaries = [plan.primary(number) for number in range(min(TRIED, plan.n))]
    empty = np.zeros((len(primaries), *target.mesh.shape), dtype=np.float32)
    with tempfile.TemporaryDirectory(prefix="caloexport-") as folder:
        path = Path(folder) / target.path.name
        write_showers(path, target.format, target.mesh, conditions(plan, primaries), [empty])


def conditions(plan: Plan, primaries: Sequence[Primary]) -> dict[str, Array]:
    """Return the conditions of showers by name, arrays (n,)."""
    found: dict[str, Array] = {
        "energy_mev": np.array([one.energy_mev for one in primaries]),
        "theta_rad": np.array([one.theta_rad for one in primaries]),
        "phi_rad": np.zeros(len(primaries)),  # the azimuth about the beam axis is where it flies
        "pdg": np.array([one.pdg for one in primaries]),
        "geometry": np.full(len(primaries), plan.detector.name.lower()),
    }
    for name in primaries[0].others:
        found[name] = np.array([one.others[name] for one in primaries])
    return found


def read_balance(plan: Plan, found: Mapping[int, Place]) -> tuple[Leakage, list[Primary]]:
    """Read all showers once, for what their files say about all of them."""
    leakage, primaries = Leakage(plan), []
    for number in range(plan.n):
        shower = read_record(number, found[number])
        leakage.add(shower)
        primaries.append(shower.primary)
    return leakage, primaries


def write_target(
    plan: Plan,
    target: Target,
    folder: Path,
    found: Mapping[int, Place],
    primaries: Sequence[Primary],
    leakage: Leakage,
    made_by: Mapping[str, str | float],
    report: Report,
) -> None:
    """Write the file of one mesh; a block of showers is in memory at a time.

    It is made in the progress ``folder``, which takes away what a kill leaves of it.

    Raises:
        OutputFileError: it cannot be written.
    """
    made = folder / target.path.name
    write_showers(
        made,
        target.format,
        target.mesh,
        conditions(plan, primaries),
        _blocks(plan.n, target, found, report),
        attributes(plan, target.scoring, made_by, leakage),
        dtype="float16" if target.compact else "float32",
    )
    made.replace(target.path)


def _blocks(
    n: int, target: Target, found: Mapping[int, Place], report: Report
) -> Iterator[Float32]:
    size = max(1, BLOCK_BYTES // (4 * n_cells(target.mesh)))
    for start in range(0, n, size):
        numbers = range(start, min(start + size, n))
        block = np.zeros((len(numbers), n_cells(target.mesh)), dtype=np.float32)
        for row, number in enumerate(numbers):
            index, energies = read_record(number, found[number]).cells[target.scoring.name]
            block[row, index] = energies
        yield block.reshape(len(numbers), *target.mesh.shape)
        report(numbers.stop)


def finished_outputs(plan: Plan, made: Sequence[Target]) -> bool:
    """Say whether all files are there and hold the showers of this plan.

    Raises:
        UsageError: they hold this simulation, but fewer or more showers of it.
        InputFileError: a file is no shower file.
    """
    if not all(target.path.exists() for target in made):
        return False
    for target in made:
        with open_showers(target.path) as showers:
            same, n = showers.attributes.get("plan_sha256") == plan.hash, showers.n
        if not same:
            return False
        if n != plan.n:
            message = f"is finished, with {n} showers of this simulation instead of {plan.n}"
            hint = (
                "what a finished run was continued from is gone: without --resume all are "
                "simulated again, and those with the same number come out the same"
            )
            raise UsageError(message, where=str(target.path), hint=hint)
    return True


def described(target: Target, leakage: Leakage | None) -> dict[str, Any]:
    """Return what is said about a file at the end, for JSON; None where it was made before."""
    mesh = leakage.meshes[target.scoring.name] if leakage else None
    return {
        "path": str(target.path),
        "mesh": target.scoring.name,
        "cells": list(target.mesh.shape),
        "format": target.format,
        "deposits": target.scoring.deposits,
        "response": mesh.response.value if mesh else None,
        "response_error": mesh.response.error if mesh else None,
        "missed_fraction": 1 - mesh.caught.value if mesh and mesh.caught.n else None,
        "missed_fraction_error": mesh.caught.error if mesh else None,
    }
