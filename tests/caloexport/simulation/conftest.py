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

#: (plan, numbers, spoilt) -> the showers of these numbers, in their order
RunGeant4 = Callable[..., list[Simulated]]

PROGRAM = """
import json, pickle, sys
from caloexport.simulation.geant4.application import Application
from caloexport.simulation.plan import Plan

job = json.load(open(sys.argv[1]))
if job["spoilt"]:
    from caloexport.simulation.geant4.native_hook import _Finder

    places = _Finder.places
    _Finder.places = lambda self: (*places(self)[:2], 8)
application = Application(Plan.from_json(job["plan"]))
assert ("differs between" in application.hook) == job["spoilt"], application.hook
assert application.hook.startswith("plain: " if job["spoilt"] else "native"), application.hook
settle, moved = application.settle, [0.0]

def watched(rows, *others):
    before = rows.copy()
    settle(rows, *others)
    moved[0] = max(moved[0], abs(rows - before).max())

application.settle = watched
showers = [application.simulate(number) for number in job["numbers"]]
# steps end in the slab that they were counted in, or on its face; a door moves what is upstream
assert moved[0] < 2e-6 + (application.door.thickness_mm if application.door else 0), moved
with open(sys.argv[2], "wb") as file:
    pickle.dump(showers, file)
"""


@pytest.fixture(scope="session")
def run_geant4(tmp_path_factory: pytest.TempPathFactory) -> RunGeant4:
    """Simulate showers of a plan in a process of their own; nothing is printed there.

    Where the native hook is spoilt (it looks for positions one word too far) the plain one remains.
    """

    def run(plan: Plan, numbers: Sequence[int], *, spoilt: bool = False) -> list[Simulated]:
        folder: Path = tmp_path_factory.mktemp("geant4")
        job = {"plan": plan.to_json(), "numbers": list(numbers), "spoilt": spoilt}
        (folder / "job.json").write_text(json.dumps(job))
        command = [sys.executable, "-c", PROGRAM, folder / "job.json", folder / "showers.pickle"]
        child = subprocess.run(command, capture_output=True, text=True, check=False)
        if child.returncode:
            pytest.fail(f"exit code {child.returncode}\n{child.stderr[-2000:]}")
        assert child.stdout == ""
        assert ("collected in Python, four times slower" in child.stderr) == spoilt
        showers: list[Simulated] = pickle.loads((folder / "showers.pickle").read_bytes())
        return showers

    return run
