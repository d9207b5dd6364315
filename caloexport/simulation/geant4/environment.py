"""Import Geant4's bindings with the tables in place, or say what is missing."""

from __future__ import annotations

import hashlib
import importlib
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError, MissingDependency
from caloexport.runtime.extras import installed
from caloexport.simulation.geant4.data import CONTENT_SHA256, TABLES, data_folder

#: the bindings name no version; each release of geant4-pybind holds one Geant4
GEANT4_OF = {"0.1.3": "11.4.1"}
VARIABLE = "GEANT4_DATA_DIR"
#: of single data sets; they would win over the folder, and belong to some other Geant4
SINGLE_VARIABLES = (
    "G4ABLADATA", "G4CHANNELINGDATA", "G4LEDATA", "G4ENSDFSTATEDATA", "G4INCLDATA",
    "G4NEUTRONHPDATA", "G4PARTICLEXSDATA", "G4PIIDATA", "G4SAIDXSDATA", "G4LEVELGAMMADATA",
    "G4RADIOACTIVEDATA", "G4REALSURFACEDATA",
)  # fmt: skip
WHEELS = (
    "Linux on x86-64 (glibc 2.28 or later), macOS on Intel and Apple silicon, Windows on x86-64"
)


def import_geant4() -> Any:
    """Return the module geant4_pybind, which reads caloexport's own tables.

    A user's own ``GEANT4_DATA_DIR`` is kept; variables of single data sets, which a sourced
    ``geant4.sh`` of another version sets, are dropped from this process otherwise.

    Raises:
        MissingDependency: geant4-pybind is not installed, has no wheel for this machine, or is of
            a version that holds another Geant4.
        InputFileError: ``GEANT4_DATA_DIR`` holds no data of this version.
    """
    require_geant4()
    folder = tables_folder()
    if not os.environ.get(VARIABLE):
        for name in SINGLE_VARIABLES:
            os.environ.pop(name, None)
        os.environ[VARIABLE] = str(folder)  # without it, the import downloads 2 GB
    return importlib.import_module("geant4_pybind")


def require_geant4() -> str:
    """Check, without importing them, that the bindings are there; return their version.

    Raises:
        MissingDependency: as :func:`import_geant4`.
    """
    if not installed("geant4_pybind"):
        if not has_wheel(platform.system(), platform.machine()):
            here = f"{platform.system()} {platform.machine()}"
            hint = f"it has wheels for {WHEELS}, none for {here}"
            raise MissingDependency("geant4-pybind", hint=hint)
        raise MissingDependency("geant4-pybind", extra="simulate")
    try:
        found = version("geant4-pybind")
    except PackageNotFoundError:
        found = "of unknown version"
    if found not in GEANT4_OF:
        wanted = max(GEANT4_OF)
        hint = (
            f"found {found}, whose Geant4 reads other tables; pip install geant4-pybind=={wanted}"
        )
        raise MissingDependency(f"geant4-pybind {wanted}", hint=hint)
    return found


def has_wheel(system: str, machine: str) -> bool:
    """Say whether geant4-pybind has wheels for a system.

    >>> has_wheel("Linux", "x86_64"), has_wheel("Linux", "aarch64"), has_wheel("Darwin", "arm64")
    (True, False, True)
    """
    intel = machine.lower() in ("x86_64", "amd64")
    return (system in ("Linux", "Windows") and intel) or (
        system == "Darwin" and (intel or machine == "arm64")
    )


def tables_folder() -> Path:
    """Return the folder of data sets that Geant4 will read: the user's own, or ours.

    Raises:
        InputFileError: the user's folder holds no data of this version.
    """
    given = os.environ.get(VARIABLE)
    if not given:
        return data_folder()
    if not (Path(given) / TABLES / "brem_SB").is_dir():
        message = f"{VARIABLE} names it, but it holds no {TABLES}, the data of Geant4 11.4"
        raise InputFileError(message, where=given, hint=f"unset {VARIABLE} to use caloexport's own")
    return Path(given)


def provenance() -> dict[str, str]:
    """Return the versions of Geant4 and its tables, for the attributes of a file."""
    found = require_geant4()
    folder = tables_folder()
    ours = folder == data_folder()
    return {
        "geant4_version": GEANT4_OF[found],
        "geant4_pybind_version": found,
        "geant4_tables": "caloexport's own" if ours else f"the user's own {TABLES}",
        "geant4_tables_sha256": CONTENT_SHA256 if ours else _hash_of_spectra(folder),
    }


def _hash_of_spectra(folder: Path) -> str:
    """Hash part of a full data set, which holds a gigabyte: what electrons radiate by."""
    digest = hashlib.sha256()
    for path in sorted((folder / TABLES / "brem_SB").iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
