"""Materials in Geant4: of its NIST catalogue, or mixed as the detector file says."""

from __future__ import annotations

from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.simulation.detector import Detector


def make_material(g4: Any, detector: Detector, name: str) -> Any:
    """Return the material ``name`` of a detector, made once.

    Raises:
        InputFileError: neither of the catalogue nor a mixture of the detector, or a mixture
            whose fractions do not add to one.
    """
    material = g4.G4Material.GetMaterial(name, False)
    if material is not None:
        return material
    mixture = detector.mixtures.get(name)
    if mixture is None:
        material = g4.G4NistManager.Instance().FindOrBuildMaterial(name)
        if material is None:
            message = f"there is no material '{name}'"
            raise InputFileError(message, where=detector.name)
        return material
    fractions = mixture["fractions"]
    if abs(sum(fractions.values()) - 1) > 1e-4:
        message = f"fractions of '{name}' add to {sum(fractions.values()):g}, expected 1"
        raise InputFileError(message, where=detector.name)
    parts = [(make_material(g4, detector, part), share) for part, share in fractions.items()]
    density = float(mixture["density_g_cm3"]) * g4.g / g4.cm3
    material = g4.G4Material(name, density, len(parts))
    for part, share in parts:
        material.AddMaterial(part, float(share) / sum(fractions.values()))
    return material
