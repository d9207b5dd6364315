"""The folder of a training with several seeds.

seeds.toml    what was asked for: the plan of the first seed, and the number of seeds
seed-0/ …     one run per seed
seed-0.log    what its process printed, unless it came to its end
seeds.json    what came out, schema caloexport.seeds/1
lock          held by whoever trains
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import atomic_output
from caloexport.training.plan import RUN, Plan
from caloexport.training.runs.job import Job
from caloexport.training.settings import read_toml, to_toml

PLAN, RESULT, LOCK = "seeds.toml", "seeds.json", "lock"


def job_of(plan: Plan, folder: Path, name: str = "") -> Job:
    """Return the job of one seed's run, in a folder named after the seed."""
    seed = f"seed-{plan.seed}"
    return Job(name or seed, (folder / seed).resolve(), plan)


@dataclass(frozen=True)
class SeedsFolder:
    """Paths of a training with several seeds."""

    path: Path

    def write_plan(self, plan: Plan, number: int) -> None:
        """Write ``seeds.toml``."""
        asked = plan.to_toml()
        asked[RUN] = {**asked[RUN], "seeds": number}
        with atomic_output(self.path / PLAN) as temporary:
            temporary.write_text(to_toml(asked), encoding="utf-8")

    def number(self) -> int:
        """Read how many seeds were asked for."""
        path = self.path / PLAN
        number = read_toml(path).get(RUN, {}).get("seeds")
        if not isinstance(number, int) or number < 1:
            message = f"seeds in [{RUN}] is {number!r:.40}, expected a positive number"
            raise InputFileError(message, where=str(path))
        return number

    def jobs(self, plan: Plan, number: int) -> dict[int, Job]:
        """Return the jobs by seed, of seeds that follow on the plan's own."""
        seeds = range(plan.seed, plan.seed + number)
        return {s: job_of(dataclasses.replace(plan, seed=s), self.path) for s in seeds}

    def write_result(self, result: dict[str, Any]) -> None:
        """Write ``seeds.json``."""
        with atomic_output(self.path / RESULT) as temporary:
            temporary.write_text(
                json.dumps(result, indent=2, allow_nan=False) + "\n", encoding="utf-8"
            )

    def read_result(self) -> dict[str, Any]:
        """Read ``seeds.json``; empty before the first seed has ended."""
        path = self.path / RESULT
        if not path.exists():
            return {}
        try:
            result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            message = f"is damaged: {error}"
            hint = "delete it: the runs are gone through again, which is quick for finished ones"
            raise InputFileError(message, where=str(path), hint=hint) from error
        return result


def is_of_seeds(folder: Path) -> bool:
    """Say whether a folder holds a training with several seeds."""
    return (folder / PLAN).exists()
