"""Trainings that take no time, for the tests of whoever starts trainings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from caloexport.training.plan import Plan, new_plan
from caloexport.training.runs import hired
from tests.caloexport.training import tiny

ROOT = Path(__file__).parents[3]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers pretend to train."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.setattr(hired, "WORKER", "tests.caloexport.training.runs.quick_worker")


@pytest.fixture(scope="session")
def showers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of tiny showers."""
    return tiny.write(tmp_path_factory.mktemp("showers") / "siw.h5")


@pytest.fixture(scope="session")
def plan(showers: Path) -> Plan:
    """A plan for them; 40 updates."""
    config = tiny.config(showers.parent)
    return new_plan(
        "fastv", [showers], preset="metahep", config=config, overrides={"updates": 40}, seed=1
    )
