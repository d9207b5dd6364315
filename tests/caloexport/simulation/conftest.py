"""Geant4 runs in processes of its own: one detector to a process, and its errors end it."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from caloexport.simulation.plan import Plan
from caloexport.simulation.simulated import Simulated
from tests.toys import toy

__all__ = ["run_geant4", "toy"]

#: (plan, numbers, native) -> the showers of these numbers, in their order
RunGeant4 = Callable[..., list[Simulated]]

PROGRAM = """
import json, pickle, sys
from caloexport.simulation.geant4.application import Application
from caloexport.simulation.plan import Plan

job = json.load(open(sys.argv[1]))
application = Application(Plan.from_json(job["plan"]), native=job["native"])
assert application.hook == ("native" if job["native"] else "plain, as asked for"), application.hook
settle, moved = application.settle, [0.0]

def watched(rows, *others):
    before = rows.copy()
    settle(rows, *others)
    moved[0] = max(moved[0], abs(rows - before).max())

application.settle = watched
showers = [application.simulate(number) for number in job["numbers"]]
# steps end in the slab that they were counted in, or on its face
assert moved[0] < 2e-6, moved
with open(sys.argv[2], "wb") as file:
    pickle.dump(showers, file)
"""


@pytest.fixture(scope="session")
def run_geant4(tmp_path_factory: pytest.TempPathFactory) -> RunGeant4:
    """Simulate showers of a plan in a process of their own; nothing is printed there."""

    def run(plan: Plan, numbers: Sequence[int], *, native: bool = True) -> list[Simulated]:
        folder: Path = tmp_path_factory.mktemp("geant4")
        job = {"plan": plan.to_json(), "numbers": list(numbers), "native": native}
        (folder / "job.json").write_text(json.dumps(job))
        command = [sys.executable, "-c", PROGRAM, folder / "job.json", folder / "showers.pickle"]
        child = subprocess.run(command, capture_output=True, text=True, check=False)
        if child.returncode:
            pytest.fail(f"exit code {child.returncode}\n{child.stderr[-2000:]}")
        assert child.stdout == ""
        showers: list[Simulated] = pickle.loads((folder / "showers.pickle").read_bytes())
        return showers

    return run
