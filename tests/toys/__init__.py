"""A distribution for tests: a simulator that workers find by its entry point."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.mesh_choice import choose_meshes
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulators import simulators
from caloexport.simulation.spectrum import Spectrum

FOLDER = Path(__file__).parent


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and its workers know the simulator ``toy``."""
    before = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(FOLDER), before])))
    simulators.names()  # all others are there before
    spec = importlib.util.spec_from_file_location("toy_simulator", FOLDER / "toy_simulator.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(simulators, "_entries", dict(simulators._entries))
    spec.loader.exec_module(module)


def toy_plan(
    n: int = 12,
    meshes: tuple[str, ...] = ("9x16x45",),
    *,
    seed: int = 3,
    detector: str = "siw",
    deposits: str = "all",
    settings: Mapping[str, Any] | None = None,
) -> Plan:
    """Return a plan of the toy: electrons and photons of 1 to 64 GeV at several angles."""
    found = load_detector(detector)
    return Plan(
        "toy",
        found,
        choose_meshes(found, meshes, deposits=deposits),
        (11, 22),
        Spectrum("log-uniform", (1e3, 64e3)),
        Spectrum("uniform", (1.1, 1.6)),
        n,
        seed,
        settings or {},
    )
