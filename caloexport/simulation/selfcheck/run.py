"""Run the self-check: cross sections first, then showers, point after point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caloexport.simulation.geant4.environment import provenance
from caloexport.simulation.run import Progress, silent
from caloexport.simulation.selfcheck import matter, showers
from caloexport.simulation.selfcheck.check import MOST_PULL, Check
from caloexport.simulation.selfcheck.cross_sections import ask_geant4
from caloexport.simulation.selfcheck.references import Point, points
from caloexport.simulation.simulators import simulators

SCHEMA = "caloexport.selfcheck/1"
#: fewer would say little about the error
LEAST_SHOWERS = 20
#: points above are simulated on demand only
USUAL_MEV = 1e4


@dataclass(frozen=True)
class Outcome:
    """What a self-check found.

    Attributes:
        made_by: versions of Geant4, of its bindings and of the tables.
        checks: in the order they were made.
        seed: of the showers.
    """

    made_by: Mapping[str, str]
    checks: tuple[Check, ...]
    seed: int

    @property
    def failed(self) -> list[Check]:
        """The checks that did not pass."""
        return [check for check in self.checks if not check.passed]

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as schema ``caloexport.selfcheck/1``."""
        return {
            "schema": SCHEMA,
            "passed": not self.failed,
            "made_by": dict(self.made_by),
            "seed": self.seed,
            "most_pull": MOST_PULL,
            "checks": [check.to_json() for check in self.checks],
        }


def selfcheck(
    *, full: bool = False, jobs: int = 1, seed: int = 1, progress: Progress = silent
) -> Outcome:
    """Compare the Geant4 that is installed with reference values.

    Args:
        full: also showers of 100 GeV.
        jobs: worker processes.
        seed: of the showers.
        progress: shows progress.

    Raises:
        MissingDependency: Geant4 is not installed.
        CrossSectionsFailed, WorkerFailed: Geant4 died.
    """
    chosen = [point for point in points() if full or point.energy_mev <= USUAL_MEV]
    simulators["geant4"].check(showers.plan_of(chosen[0], 1, seed))
    with progress("cross sections", 1) as advance:
        checks = matter.compare(ask_geant4())
        advance(1)
    for point in chosen:
        checks += _of_point(point, jobs, seed, progress)
    return Outcome(provenance(), tuple(checks), seed)


def _of_point(point: Point, jobs: int, seed: int, progress: Progress) -> list[Check]:
    n = max(point.n, LEAST_SHOWERS)
    plan = showers.plan_of(point, n, seed)
    energy = f"{point.energy_mev / 1e3:g} GeV"
    with progress(f"{n} electrons of {energy} in {point.detector}", n) as advance:
        found = showers.simulate(plan, jobs, lambda mev, done: advance(done))
    return showers.compare(point, showers.sample_of(plan, found))
