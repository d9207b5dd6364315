"""Materials in Geant4: of its NIST catalogue, or mixed as the detector file says."""

from __future__ import annotations

from typing import Any

from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector import Detector


def make_material(g4: Any, detector: Detector, name: str) -> Any:
    """Return the material ``name`` of a detector, made once.

    Raises:
        UsageError: neither of the catalogue nor a mixture of the detector.
    """
    material = g4.G4Material.GetMaterial(name, False)
    if material is not None:
        return material
    mixture = detector.mixtures.get(name)
    if mixture is None:
        material = g4.G4NistManager.Instance().FindOrBuildMaterial(name)
        if material is None:
            message = f"there is no material '{name}'"
            raise UsageError(message, where=detector.name)
        return material
    fractions = mixture["fractions"]
    parts = [(make_material(g4, detector, part), share) for part, share in fractions.items()]
    density = float(mixture["density_g_cm3"]) * g4.g / g4.cm3
    material = g4.G4Material(name, density, len(parts))
    for part, share in parts:
        material.AddMaterial(part, float(share) / sum(fractions.values()))
    return material
