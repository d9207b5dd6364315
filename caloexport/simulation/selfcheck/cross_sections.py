"""Ask Geant4, in a process of its own, for attenuation of photons and radiation of electrons.

    python -m caloexport.simulation.selfcheck.cross_sections OUTPUT.json

A process can hold one Geant4, and what it prints goes to stdout; so the numbers go to a file.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import CaloexportError
from caloexport.simulation.detector import Detector
from caloexport.simulation.detector_file import detector_from_data
from caloexport.simulation.plan import Plan
from caloexport.simulation.selfcheck.references import (
    attenuation_cm2_g,
    attenuation_energies_mev,
    radiation_lengths_g_cm2,
)
from caloexport.simulation.spectrum import Spectrum

#: photoelectric effect, Compton and Rayleigh scattering, pair production
PROCESSES = ("phot", "compt", "Rayl", "conv")
#: where bremsstrahlung is all that counts, and Geant4's formula is not yet suppressed by the LPM effect
RADIATION_MEV = 1e4
#: above all photons: their whole energy counts as loss
NO_CUT_MEV = 1e9


class CrossSectionsFailed(CaloexportError):
    """The process that asks Geant4 for cross sections died."""

    code = "cross-sections-failed"


def ask_geant4() -> dict[str, Any]:
    """Return by material ``attenuation_cm2_g``, ``x0_table_g_cm2`` and ``x0_radiated_g_cm2``.

    Raises:
        CrossSectionsFailed: the process died; with its last words.
    """
    with tempfile.TemporaryDirectory(prefix="caloexport-selfcheck-") as place:
        output = Path(place) / "cross-sections.json"
        command = [sys.executable, "-m", __name__, str(output)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            message = f"Geant4 gave no cross sections: exit code {done.returncode}"
            raise CrossSectionsFailed(message, hint=done.stderr.strip()[-500:])
        found: dict[str, Any] = json.loads(output.read_text())
    return found


def main(arguments: Sequence[str]) -> None:
    """Write the cross sections to a file and end without Geant4's own clearing up, which crashes."""
    from caloexport.simulation.geant4.application import Application

    names = sorted({*radiation_lengths_g_cm2(), *attenuation_cm2_g()})
    perpendicular = Spectrum("values", (math.pi / 2,))
    detector = _one_slab_each(names)
    plan = Plan(
        "geant4", detector, tuple(detector.scorings.values()), (22,), Spectrum("values", (10.0,)),
        perpendicular, 1, 0, {},
    )  # fmt: skip
    application = Application(plan, native=False)
    found = {name: _of_material(application.g4, name) for name in names}
    Path(arguments[0]).write_text(json.dumps(found))
    sys.stderr.flush()
    os._exit(0)


def _one_slab_each(names: Sequence[str]) -> Detector:
    slabs = [{"material": name, "thickness": "1mm"} for name in names]
    mesh = {"kind": "cylinder", "cells": [1, 1, 1], "r_cell": "1mm", "z_cell": "1mm"}
    return detector_from_data("slabs", {"stack": [{"slabs": slabs}], "meshes": {"one": mesh}})


def _of_material(g4: Any, name: str) -> dict[str, Any]:
    calculator = g4.G4EmCalculator()
    photon, electron = g4.G4Gamma.Gamma(), g4.G4Electron.Electron()
    material = g4.G4Material.GetMaterial(name)
    density = material.GetDensity() / (g4.g / g4.cm3)
    attenuation = [
        sum(
            calculator.ComputeCrossSectionPerVolume(energy_mev * g4.MeV, photon, process, material)
            for process in PROCESSES
        )
        * g4.cm
        / density
        for energy_mev in attenuation_energies_mev()
    ]
    loss = calculator.ComputeDEDX(
        RADIATION_MEV * g4.MeV, electron, "eBrem", material, NO_CUT_MEV * g4.MeV
    )
    return {
        "attenuation_cm2_g": attenuation,
        "x0_table_g_cm2": material.GetRadlen() / g4.cm * density,
        "x0_radiated_g_cm2": RADIATION_MEV / (loss * g4.cm) * density,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
