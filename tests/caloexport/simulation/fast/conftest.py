"""A small generator, and plans of the stack that it knows."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.export import export
from caloexport.runtime import load
from caloexport.runtime.arrays import Float32
from caloexport.runtime.mesh import CylinderMesh
from caloexport.simulation.detector_file import detector_from_data, load_detector
from caloexport.simulation.plan import FAST, Plan
from caloexport.simulation.primary import Primary
from caloexport.simulation.spectrum import Spectrum
from tests.networks import decoder

CELLS = {"cells": [4, 6, 5], "r_cell": "10mm", "z_cell": "30.6mm"}
MESH = CylinderMesh(4, 6, 5, 10.0, 30.6)

MakePlan = Callable[..., Plan]


def toy_artifact(folder: Path) -> Path:
    """Write the small generator."""
    path = folder / "toy.safetensors"
    export(decoder(MESH), "numba", path, verify=False)
    return path


def toy_plan(name: str = "siw", mesh: dict[str, Any] | None = None, **changed: Any) -> Plan:
    """Return a plan in siw with the mesh of the small generator, or a changed one."""
    keys = ("upstream", "inner_radius")
    added = {key: changed.pop(key) for key in keys if key in changed}
    meshes = {"toy": {"kind": "cylinder", **CELLS, **(mesh or {})}}
    data = {**load_detector("siw").data, "meshes": meshes, **added}
    detector = detector_from_data(name, data)
    given: dict[str, Any] = {
        "method": "geant4",
        "detector": detector,
        "scorings": (detector.scorings["toy"],),
        "pdg": (11,),
        "energy_mev": Spectrum("values", (5000.0,)),
        "theta_rad": Spectrum("values", (math.pi / 2,)),
        "n": 3,
        "seed": 7,
        "settings": {},
    }
    return Plan(**{**given, **changed})


def toy_shower(artifact: Path, plan: Plan, primary: Primary, number: int, order: int) -> Float32:
    """Return the cells that the artifact makes by itself for a shower of a plan."""
    seed = int(plan.random(number, FAST).integers(2**63))
    given = {"energy_mev": primary.energy_mev, "theta_rad": primary.theta_rad, "geometry": "siw"}
    return load(artifact).sample(1, seed=seed, first=order, **given).reshape(-1)


@pytest.fixture(scope="session")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_artifact(tmp_path_factory.mktemp("fast"))


@pytest.fixture
def make_plan() -> MakePlan:
    return toy_plan
