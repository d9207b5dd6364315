from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector import Detector
from caloexport.simulation.detector_file import detector_from_data, detector_names, load_detector
from caloexport.simulation.geant4.materials import (
    elements,
    material,
    material_names,
    require_materials,
)

FROM_GEANT4 = """
import sys
from pathlib import Path
from caloexport.simulation.geant4.environment import import_geant4
import runpy
script = runpy.run_path(sys.argv[1])
sys.argv = [sys.argv[1], sys.argv[2]]
script["main"]()
from caloexport.simulation.geant4.materials import material
g4 = import_geant4()
mixed = g4.G4Material("mixed", 9.2 * g4.g / g4.cm3, 2)
nist = g4.G4NistManager.Instance()
mixed.AddMaterial(nist.FindOrBuildMaterial("G4_PbWO4"), 0.9)
mixed.AddMaterial(nist.FindOrBuildMaterial("G4_POLYSTYRENE"), 0.1)
print(mixed.GetRadlen(), mixed.GetIonisation().GetMeanExcitationEnergy() / g4.eV)
"""
MIXTURES: dict[str, Any] = {
    "mixed": {"density_g_cm3": 9.2, "fractions": {"G4_PbWO4": 0.9, "G4_POLYSTYRENE": 0.1}}
}


def made_of(name: str, mixtures: dict[str, Any] | None = None) -> Detector:
    slab = {"material": name, "thickness": "1mm"}
    mesh = {"cells": [1, 1, 1], "r_cell": "1mm", "z_cell": "1mm"}
    data = {"stack": [{"slabs": [slab]}], "meshes": {"one": mesh}, "mixtures": mixtures or {}}
    return detector_from_data("block", data)


def test_the_catalogue_and_mixtures_are_those_of_geant4(tmp_path: Path) -> None:
    root = Path(__file__).parents[4]
    script = root / "scripts" / "make_materials.py"
    if not script.is_file():
        pytest.skip("caloexport is not run from a checkout")
    again = tmp_path / "again.json"
    done = subprocess.run(
        [sys.executable, "-c", FROM_GEANT4, str(script), str(again)],
        env=dict(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shipped = root / "caloexport" / "data" / "nist-materials.json"
    assert again.read_text() == shipped.read_text()
    length, excitation = map(float, done.stdout.split()[-2:])
    mixed = material("mixed", MIXTURES)
    assert mixed.radiation_length_mm == pytest.approx(length, rel=1e-6)
    assert mixed.mean_excitation_ev == pytest.approx(excitation, rel=0.01)  # it adds elements


@pytest.mark.parametrize(
    ("name", "x0_mm", "density"),
    [
        ("G4_W", 3.504, 19.3),
        ("G4_Pb", 5.612, 11.35),
        ("G4_Si", 93.70, 2.329),
        ("G4_POLYSTYRENE", 413.1, 1.06),
        ("G4_PbWO4", 8.903, 8.30),
        ("G4_Fe", 17.57, 7.874),
        ("G4_Cu", 14.36, 8.96),
        ("G4_lAr", 140.0, 1.396),
        ("G4_CESIUM_IODIDE", 18.60, 4.51),
        ("G4_BGO", 11.18, 7.13),
    ],
)
def test_radiation_lengths_are_those_of_the_particle_data_group(
    name: str, x0_mm: float, density: float
) -> None:
    found = material(name)
    assert found.radiation_length_mm == pytest.approx(x0_mm, rel=0.004)
    assert found.density_g_cm3 == pytest.approx(density, rel=0.003)


def test_fractions_add_to_one_and_every_element_is_known() -> None:
    for name in material_names():
        found = material(name)
        assert sum(found.fractions.values()) == pytest.approx(1, abs=2e-4), name
        assert set(found.fractions) <= set(elements()), name
        assert 0.3 < found.z_over_a < 1.0, name


def test_a_mixture_weighs_by_mass() -> None:
    mixed = material("mixed", MIXTURES)
    assert mixed.fractions["W"] == pytest.approx(0.9 * material("G4_PbWO4").fractions["W"])
    assert mixed.fractions["C"] == pytest.approx(0.1 * 12.011 / (12.011 + 1.008), rel=1e-3)
    assert mixed.z == pytest.approx(
        0.9 * material("G4_PbWO4").z + 0.1 * material("G4_POLYSTYRENE").z
    )


def test_mixtures_of_mixtures_but_not_of_themselves() -> None:
    nested = {**MIXTURES, "outer": {"density_g_cm3": 5.0, "fractions": {"mixed": 0.5, "G4_W": 0.5}}}
    assert material("outer", nested).fractions["W"] == pytest.approx(0.5 + 0.45 * 0.40399762)
    circle = {
        "a": {"density_g_cm3": 1.0, "fractions": {"b": 1.0}},
        "b": {"density_g_cm3": 1.0, "fractions": {"a": 1.0}},
    }
    with pytest.raises(UsageError, match=r"'a' is made of itself \(a of b of a\)"):
        material("a", circle)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("G4_Tungsten", "G4_"),
        ("W", "G4_W"),
        ("pbwo4", "G4_PbWO4"),
        ("G4_POLYSTYREN", "G4_POLYSTYRENE"),
    ],
)
def test_an_unknown_material_comes_with_the_nearest(asked: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf"block: unknown material '{asked}' \(near: .*{meant}"):
        require_materials(made_of(asked))


@pytest.mark.parametrize("mixed", [False, True])
def test_an_element_without_tables_is_refused_by_name(mixed: bool) -> None:
    mixtures = {"hot": {"density_g_cm3": 9.0, "fractions": {"G4_Cf": 0.1, "G4_Pb": 0.9}}}
    name = "hot" if mixed else "G4_Cf"
    expected = rf"block: material '{name}' holds Cf, of which there are no tables .*there are of H "
    with pytest.raises(UsageError, match=expected):
        require_materials(made_of(name, mixtures))


@pytest.mark.parametrize("name", detector_names())
def test_every_shipped_detector_has_its_materials(name: str) -> None:
    require_materials(load_detector(name))
