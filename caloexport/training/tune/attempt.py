"""One trial at work: the runs of its seeds, one after the other."""

from __future__ import annotations

import dataclasses
import statistics
from pathlib import Path

from caloexport.training.plan import Plan
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import Scored
from caloexport.training.seeds.folder import job_of
from caloexport.training.tune.study import MARKS


class Attempt:
    """A trial at work.

    Args:
        number: of the trial.
        folder: of the trial.
        plan: of its first seed's run.
        seeds: how many runs.
        scores: of the seeds that are done already.
        mark: the last one that a score was told at.

    Attributes:
        stopping: it was told to stop.
    """

    def __init__(
        self, number: int, folder: Path, plan: Plan, seeds: int,
        scores: tuple[float, ...] = (), mark: int = 0,
    ) -> None:  # fmt: skip
        self.number, self.folder, self.scores = number, folder, list(scores)
        self.stopping = False
        self._plan, self._seeds, self._mark = plan, seeds, mark

    @property
    def name(self) -> str:
        """The name of its job."""
        return self.folder.name

    @property
    def done(self) -> bool:
        """Whether every seed has its score."""
        return len(self.scores) == self._seeds

    @property
    def score(self) -> float:
        """The mean over the seeds that are done."""
        return statistics.fmean(self.scores)

    def job(self) -> Job:
        """Return the run of the next seed."""
        seed = self._plan.seed + len(self.scores)
        return job_of(dataclasses.replace(self._plan, seed=seed), self.folder, self.name)

    def marks(self, scored: Scored) -> list[tuple[int, float]]:
        """Return the marks that an evaluation passes, each with the score there.

        The score is the mean of the seeds that are done and of the best so far of the one at
        work. Marks that were told before the run was interrupted are not told again.
        """
        if scored.best is None:
            return []
        value = statistics.fmean([*self.scores, scored.best])
        passed = len(self.scores) * MARKS + scored.updates * MARKS // scored.total
        found = [(mark, value) for mark in range(self._mark + 1, passed + 1)]
        self._mark = max(self._mark, passed)
        return found
