"""One training: what it works on, where it stands, and how fast it learns."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from caloexport.training.data import TrainingData
from caloexport.training.families import Trainer
from caloexport.training.plan import Plan
from caloexport.training.run_folder import RunFolder
from caloexport.training.settings import Schedule


@dataclass
class Progress:
    """Where a training stands.

    Attributes:
        updates: done so far.
        best_score, best_updates: of the decoder that is kept.
        losses: sums of the training losses since the last score.
        counted: number of updates in these sums.
        seconds: of training so far.
    """

    updates: int = 0
    best_score: float = math.inf
    best_updates: int = 0
    losses: dict[str, float] = field(default_factory=dict)
    counted: int = 0
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the progress as JSON; no score yet is null."""
        best = self.best_score if math.isfinite(self.best_score) else None
        return {**vars(self), "best_score": best}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Progress:
        """Read a progress."""
        best = data["best_score"]
        return cls(**{**data, "best_score": math.inf if best is None else best})


@dataclass
class Training:
    """One training: what it works on, and where it stands.

    Attributes:
        plan, folder, data, trainer: what it works on.
        progress: where it stands.
        history: a row for each evaluation.
        saved: updates of the checkpoint; None before the first.
    """

    plan: Plan
    folder: RunFolder
    data: TrainingData
    trainer: Trainer
    progress: Progress
    history: list[dict[str, Any]]
    saved: int | None = None

    @property
    def schedule(self) -> Schedule:
        """How long and how fast."""
        return self.plan.schedule

    @property
    def total(self) -> int:
        """Number of updates in all."""
        return self.schedule.updates or self.schedule.epochs * self.trainer.batches.per_epoch

    @property
    def score_every(self) -> int:
        """Updates between two scores."""
        schedule = self.schedule
        return schedule.evaluate_updates or schedule.evaluate_every * self.trainer.batches.per_epoch


def learning_rate(schedule: Schedule, update: int, total: int) -> float:
    """Return the learning rate of an update: half a cosine from the first to the last.

    >>> learning_rate(Schedule(learning_rate=1.0, final_learning_rate=0.5), 0, 10)
    1.0
    >>> round(learning_rate(Schedule(learning_rate=1.0, final_learning_rate=0.5), 10, 10), 3)
    0.5
    """
    drop = schedule.learning_rate - schedule.final_learning_rate
    return schedule.final_learning_rate + drop * 0.5 * (1 + math.cos(math.pi * update / total))
