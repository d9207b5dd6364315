"""The simulator geant4: what it refuses before any process starts, and what it says of itself."""

from __future__ import annotations

import json
import math

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector_file import detector_from_data, load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulators import simulators
from caloexport.simulation.spectrum import Spectrum

geant4 = simulators["geant4"]


def plan(theta_deg: float = 90.0, material: str = "G4_W", **settings: float) -> Plan:
    siw = json.dumps(load_detector("siw").data).replace("G4_W", material)
    detector = detector_from_data("siw", json.loads(siw))
    angles = Spectrum("values", (math.pi / 2, math.radians(theta_deg)))
    energies = Spectrum("values", (1e3,))
    meshes = tuple(detector.scorings.values())
    return Plan("geant4", detector, meshes, (11,), energies, angles, 4, 1, settings)


def test_possible_plans_pass() -> None:
    for theta_deg in (10.0, 60.0, 170.0):
        geant4.check(plan(theta_deg, cut_mm=0.05))


def test_flat_angles_are_refused() -> None:
    for theta_deg in (0.0, 9.9, 170.1, 270.0):
        with pytest.raises(UsageError, match=rf"{theta_deg:g}°.*10° to 170°"):
            geant4.check(plan(theta_deg))


def test_unknown_materials_are_refused() -> None:
    with pytest.raises(UsageError, match="G4_Wo"):
        geant4.check(plan(material="G4_Wo"))


def test_impossible_cuts_are_refused() -> None:
    for cut_mm in (0.0, -1.0, 1e4, math.nan):
        with pytest.raises(UsageError, match="range cut"):
            geant4.check(plan(cut_mm=cut_mm))


def test_provenance_names_physics_and_tables() -> None:
    said = geant4.provenance(plan(cut_mm=0.05))
    assert said["range_cut_mm"] == 0.05
    assert geant4.provenance(plan())["range_cut_mm"] == 0.7
    assert "G4EmStandardPhysics" in str(said["physics"])
    assert str(said["generator"]).startswith("Geant4 11.")
    assert {"geant4_version", "geant4_tables_sha256"} <= set(said)
