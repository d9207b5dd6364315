"""New showers must be on the cells that a generator makes: what differs, and how to get others."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.training.adapt.glance import Glance
from caloexport.training.plan import MESHES

#: storage order of the layout par04, of cylinders
PAR04 = ("r", "phi", "z")


def require_same_cells(file: Glance, wanted: Mesh, run: Path) -> None:
    """Check that a file has as many cells on every axis as a run, stored in the same order.

    Sizes of cells may differ: detectors have their own.

    Args:
        file: new showers.
        wanted: mesh of the run.
        run: its folder, for messages.

    Raises:
        UsageError: says what differs, and which command gives such showers.
    """
    found = file.mesh
    if _kind(found) != _kind(wanted):
        message = f"has {MESHES[_kind(found)]}, '{run.name}' makes {MESHES[_kind(wanted)]}"
        raise UsageError(message, where=str(file.path), hint="adapt a generator of such showers")
    if _counts(found) != _counts(wanted):
        message = f"has {_told(found)}, '{run.name}' makes {_told(wanted)}"
        raise UsageError(message, where=str(file.path), hint=_other_cells(file, wanted))
    if found.order != wanted.order:
        message = f"stores cells in the order {_text(found)}, '{run.name}' in {_text(wanted)}"
        raise UsageError(message, where=str(file.path), hint=_reordered(file, wanted))


def _kind(mesh: Mesh) -> str:
    return str(mesh.to_json()["kind"])


def _counts(mesh: Mesh) -> list[int]:
    """Return the numbers of cells that must be alike: along the axes, or layer by layer."""
    if isinstance(mesh, CylinderMesh):
        return [mesh.n_r, mesh.n_phi, mesh.n_z]
    return [int(n) for n in np.bincount(mesh.indices()["z"])]


def _told(mesh: Mesh) -> str:
    if isinstance(mesh, CylinderMesh):
        return f"{mesh.n_r} x {mesh.n_phi} x {mesh.n_z} cells in r, φ and z"
    layers = _counts(mesh)
    return f"{len(layers)} layers of {', '.join(map(str, layers))} cells"


def _text(mesh: Mesh) -> str:
    return "-".join(mesh.order)


def _other_cells(file: Glance, wanted: Mesh) -> str:
    kept = "'caloexport data convert' reorders cells and makes no others"
    if not isinstance(wanted, CylinderMesh):
        return f"showers must be simulated on the run's cells: {kept}"
    cells = f"{wanted.n_r}x{wanted.n_phi}x{wanted.n_z}"
    detectors = sorted(file.values("geometry") - {"unknown"})
    detector = detectors[0] if len(detectors) == 1 else "NAME"
    command = f"caloexport simulate geant4 --detector {detector} --mesh {cells} --energy LOW..HIGH"
    return f"simulate them on such cells: {command}; {kept}"


def _reordered(file: Glance, wanted: Mesh) -> str:
    layout = (
        "--format par04"
        if wanted.order == PAR04
        else f"--format calochallenge --order {_text(wanted)}"
    )
    target = file.path.with_name(f"{file.path.stem}-reordered.h5").name
    return f"caloexport data convert {file.path.name} {target} {layout}"
