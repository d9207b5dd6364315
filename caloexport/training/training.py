"""One training: what it works on, where it stands, and how fast it learns."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from caloexport.training.data import TrainingData
from caloexport.training.families import Trainer
from caloexport.training.plan import Plan
from caloexport.training.ranking import Ranked
from caloexport.training.run_folder import RunFolder
from caloexport.training.scoring.score import Score
from caloexport.training.scoring.scorer import Scorer
from caloexport.training.settings import Schedule


@dataclass
class Progress:
    """Where a training stands.

    Attributes:
        updates: done so far.
        ranking: the best decoders, the best first.
        judged_by: what their scores come from: the pick, and the digest of the criteria.
        losses: sums of the training losses since the last score.
        counted: number of updates in these sums.
        seconds: of training so far.
        evaluation_seconds: of these, in evaluations and in writing decoders that are asked for.
    """

    updates: int = 0
    ranking: list[Ranked] = field(default_factory=list)
    judged_by: str = ""
    losses: dict[str, float] = field(default_factory=dict)
    counted: int = 0
    seconds: float = 0.0
    evaluation_seconds: float = 0.0

    @property
    def best(self) -> Ranked | None:
        """The decoder that is kept; None before the first has a score."""
        return self.ranking[0] if self.ranking else None

    @property
    def best_score(self) -> float:
        """Its score; infinite before."""
        return self.ranking[0].score if self.ranking else math.inf

    @property
    def best_updates(self) -> int:
        """The number of updates after which it was scored; 0 before."""
        return self.ranking[0].updates if self.ranking else 0

    def to_json(self) -> dict[str, Any]:
        """Return the progress as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Progress:
        """Read a progress.

        That of an older version has a best score of another kind, with which no score of today
        can be compared; its ranking begins anew.
        """
        known = {one.name for one in fields(cls)}
        ranking = [Ranked(**one) for one in data.get("ranking", ())]
        return cls(**{**{k: v for k, v in data.items() if k in known}, "ranking": ranking})


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
    scorer: Scorer
    progress: Progress
    history: list[dict[str, Any]]
    saved: int | None = None

    @property
    def floor(self) -> Score:
        """What a perfect generator would score."""
        return self.scorer.floor.picked(self.schedule.pick)

    @property
    def judged_by(self) -> str:
        """What scores come from; only those from the same compare."""
        return f"{self.schedule.pick} {self.scorer.criteria.digest}"

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
    >>> learning_rate(Schedule(learning_rate=1.0, final_learning_rate=1.0, warm_up=4), 1, 10)
    0.5
    """
    warm = min((update + 1) / schedule.warm_up, 1.0) if schedule.warm_up else 1.0
    drop = schedule.learning_rate - schedule.final_learning_rate
    cosine = 0.5 * (1 + math.cos(math.pi * update / total))
    return warm * (schedule.final_learning_rate + drop * cosine)
