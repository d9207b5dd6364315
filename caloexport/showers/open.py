"""Open a shower file of any format, recognised by its content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.containers import Container, container_of, containers
from caloexport.showers.formats import Reading, formats
from caloexport.showers.showers import Showers


def open_showers(
    path: str | Path,
    binning: str | Path | None = None,
    *,
    particle: str | None = None,
    order: tuple[str, ...] | None = None,
    mesh: CylinderMesh | None = None,
) -> Showers:
    """Open a shower file; energies are read only when asked for.

    Args:
        path: HDF5 or ROOT file of one of the formats (``caloexport.showers.formats``).
        binning: for flat CaloChallenge showers, an XML file or the name of a shipped binning;
            None infers it from the number of voxels.
        particle: entry of the binning file (photon, pion, ...), where several fit.
        order: storage order of flat showers, slowest first; None takes what the file says, else
            CaloChallenge's layer, phi, r.
        mesh: the cells of a regular cylinder, where the file does not tell their number or size.

    Raises:
        InputFileError: missing, damaged, of no known format, or not what it claims to be.
        MissingDependency: a ROOT file, and uproot is not installed.

    >>> from caloexport.showers import sample
    >>> with open_showers(sample("siw")) as showers:
    ...     showers.mesh.shape, showers.read(slice(0, 2)).shape
    ((18, 50, 45), (2, 18, 50, 45))
    """
    return _open(Path(path), Reading(binning, particle, order, mesh))


def _open(path: Path, reading: Reading) -> Showers:
    kind = container_of(path)
    container = containers[kind]
    file = container.open(path)
    try:
        with container.damage_named(str(path)):
            members = container.members(file)
            name = _recognise(kind, file, members, str(path))
            showers = formats[name].read(file, members, reading)
        if showers.n == 0:
            message = "holds zero showers"
            raise InputFileError(message, where=str(path))
    except BaseException:
        file.close()
        raise
    return showers


def _recognise(kind: str, file: Any, members: Mapping[str, Any], where: str) -> str:
    candidates = [name for name in formats if formats[name].container == kind]
    for name in candidates:
        if formats[name].recognises(members):
            return name
    container: Container = containers[kind]
    known = "; ".join(f"{name}: {formats[name].summary}" for name in candidates)
    message = f"is of no known shower format: it holds {container.listing(file, members)}"
    raise InputFileError(message, where=where, hint=known)
