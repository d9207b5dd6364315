"""A simulator for tests: a few cells per shower, from the plan's own random numbers.

Workers find it as they find any plugin: by the entry point of the distribution in this folder. The
plan's settings can make it misbehave at one shower.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import n_cells
from caloexport.simulation.plan import TRACKING, Plan
from caloexport.simulation.scorings import make_scoring
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.simulators import Simulator, simulators

CELLS = 20


@simulators.register("toy")
class Toy(Simulator):
    """Deposit 80 to 100 % of the energy in a few cells of every mesh; a tenth of it lies outside."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        say("*** a banner, as Geant4 prints one ***")
        misbehave(plan.settings, -1)
        self.cells = {
            one.name: n_cells(make_scoring(one, plan.detector).mesh) for one in plan.scorings
        }

    def simulate(self, number: int) -> Simulated:
        misbehave(self.plan.settings, number)
        hold(self.plan.settings, number)
        primary = self.plan.primary(number)
        random = self.plan.random(number, TRACKING)
        deposited = primary.energy_mev * random.uniform(0.8, 1.0)
        active = deposited / 30
        energies, inside = {}, {}
        for scoring in self.plan.scorings:
            counted = active if scoring.deposits == "active" else deposited
            cells = np.zeros(self.cells[scoring.name], dtype=np.float32)
            index = random.integers(0, len(cells), size=CELLS)
            np.add.at(cells, index, 0.9 * counted * random.dirichlet(np.ones(CELLS)))
            energies[scoring.name] = cells * np.float32(scoring.factor)
            inside[scoring.name] = 0.9 * counted
        if self.plan.settings.get("spoil_at") == number:
            energies[self.plan.scorings[0].name][0] = np.nan
        upstream = 0.01 * primary.energy_mev
        return Simulated(
            number, primary, upstream, deposited, active, energies, inside, cpu_s=0.001 * number
        )

    @staticmethod
    def check(plan: Plan) -> None:
        if plan.settings.get("refused"):
            message = "the toy refuses this plan"
            raise UnsupportedError(message)

    @staticmethod
    def provenance(plan: Plan) -> dict[str, str | float]:
        version = os.environ.get("TOY_VERSION", "1")
        return {"generator": f"toy {version}", "physics": "dice"}


def say(text: str) -> None:
    """Print as C++ does, past Python's buffers."""
    os.write(1, f"{text}\n".encode())


def hold(settings: Any, number: int) -> None:
    """Let some showers wait until a file is there, so that runs can be disturbed."""
    asked = settings.get("hold")
    while asked and number in asked["numbers"] and not Path(asked["until"]).exists():
        time.sleep(0.01)


def misbehave(settings: Any, number: int) -> None:
    """Do at one shower (-1: at the start) what the settings say, once or always."""
    asked = settings.get("misbehave")
    if not asked or asked["at"] != number:
        return
    if once := asked.get("once"):
        if Path(once).exists():
            return
        Path(once).touch()
    how = asked["how"]
    say(f"about to {how}")
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "abort":
        os.abort()
    elif how == "exit":
        sys.exit(3)
    elif how == "bug":
        say(str(1 // 0))
    elif how == "refuse":
        message = f"shower {number} cannot be simulated"
        raise UnsupportedError(message)
