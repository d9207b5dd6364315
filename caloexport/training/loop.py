"""The training loop: updates, scores, checkpoints; the same for every family.

What an update does follows from the state before it and its number alone, so a run that was
killed and resumed ends in the same weights as one that was not.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caloexport.training.checkpoint import read_checkpoint, write_checkpoint
from caloexport.training.data import TrainingData, load
from caloexport.training.families import Trainer, families
from caloexport.training.interruption import interruption
from caloexport.training.plan import Plan
from caloexport.training.run_folder import RunFolder, versions
from caloexport.training.score import WindowScore, compare, score
from caloexport.training.settings import Schedule
from caloexport.training.tensorflow_setup import prepare_tensorflow

#: called with the number of steps done and a text
Report = Callable[[int, str], None]

#: called after every evaluation with the updates done and the score; True ends the training there
OnScore = Callable[[int, float], bool]

#: updates between two evaluations of the training loss
LOSS_EVERY = 10


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
    """One training: what it works on, and where it stands."""

    plan: Plan
    folder: RunFolder
    data: TrainingData
    trainer: Trainer
    progress: Progress
    history: list[dict[str, Any]]

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


def begin(plan: Plan, folder: Path, report: Report = lambda done, text: None) -> Training:
    """Prepare a new run; the folder appears only when data and settings fit.

    Raises:
        UsageError: the folder exists, or data and settings do not fit.
        InputFileError: a shower file is damaged.
    """
    run = RunFolder(folder)
    run.require_absent()
    training = _prepare(plan, run, report)
    run.create()
    run.write_config(plan)
    return training


def resume(plan: Plan, folder: Path, report: Report = lambda done, text: None) -> Training:
    """Take up a run at its last checkpoint, or at its beginning when it has none yet."""
    run = RunFolder(folder)
    training = _prepare(plan, run, report)
    if run.checkpoint.exists():
        state, progress = read_checkpoint(run.checkpoint)
        training.trainer.restore(state, str(run.checkpoint))
        training.progress = Progress.from_json(progress)
        training.history = run.read_history(training.progress.updates)
    run.write_config(plan)
    return training


def _prepare(plan: Plan, run: RunFolder, report: Report) -> Training:
    prepare_tensorflow(plan.threads)
    schedule = plan.schedule
    data = load(
        plan.data,
        schedule.held_back,
        report,
        fewest=schedule.held_back_fewest,
        at_most=schedule.at_most,
    )
    trainer = families[plan.family].trainer(plan.config, data, plan.seed)
    return Training(plan, run, data, trainer, Progress(), [])


def run(
    training: Training,
    report: Report = lambda done, text: None,
    on_score: OnScore = lambda updates, score: False,
) -> list[WindowScore]:
    """Train to the end, or until ``on_score`` asks to stop.

    Args:
        training: new or resumed.
        report: called after every update.
        on_score: called after every evaluation, when its checkpoint is written.

    Returns:
        The score of the decoder that is kept.

    Raises:
        KeyboardInterrupt: on Ctrl-C or SIGTERM, after a checkpoint was written.
    """
    progress, total = training.progress, training.total
    resumed_at, started = progress.updates, time.monotonic()
    before = progress.seconds
    with interruption() as asked:
        while progress.updates < total:
            _update(training)
            elapsed = time.monotonic() - started
            progress.seconds = before + elapsed
            if progress.updates % training.score_every == 0 or progress.updates == total:
                found = _evaluate(training)
                _save(training)
                if on_score(progress.updates, found):
                    break
            done = progress.updates - resumed_at
            report(progress.updates, _status(training, done / max(elapsed, 1e-9)))
            if asked():
                _save(training)
                raise KeyboardInterrupt
    return best_scores(training.folder)


def _update(training: Training) -> None:
    progress = training.progress
    number = progress.updates
    rate = learning_rate(training.schedule, number, training.total)
    wanted = number % LOSS_EVERY == 0
    trainer = training.trainer
    losses = trainer.apply(trainer.inputs(number), rate, with_loss=wanted)
    if wanted:
        sums = progress.losses
        progress.losses = {name: sums.get(name, 0.0) + value for name, value in losses.items()}
        progress.counted += 1
    progress.updates += 1


def _status(training: Training, updates_per_second: float) -> str:
    progress = training.progress
    parts = [f"{updates_per_second * training.schedule.batch:.0f} showers/s"]
    if progress.counted:
        parts.insert(0, f"loss {progress.losses['loss'] / progress.counted:.4f}")
    if math.isfinite(progress.best_score):
        parts.append(f"best score {progress.best_score:.3f}")
    return ", ".join(parts)


def _evaluate(training: Training) -> float:
    """Score the showers held back; keep the decoder when it is the best so far."""
    progress, trainer = training.progress, training.trainer
    validation = trainer.validate()
    rows = compare(training.data, trainer.sampling, trainer.decode)
    found = score(rows)
    counted = max(progress.counted, 1)
    training.history.append(
        {
            "updates": progress.updates,
            "epoch": progress.updates / trainer.batches.per_epoch,
            "learning_rate": learning_rate(training.schedule, progress.updates, training.total),
            **{name: value / counted for name, value in progress.losses.items()},
            **{f"validation_{name}": value for name, value in validation.items()},
            "score": found,
            "worst_response": max((abs(r.response_ratio - 1) for r in rows), default=0.0),
            "worst_profile_l1": max((r.profile_l1 for r in rows), default=0.0),
            "seconds": round(progress.seconds, 1),
        }
    )
    progress.losses, progress.counted = {}, 0
    if found < progress.best_score:
        progress.best_score, progress.best_updates = found, progress.updates
        _keep(training, rows)
    return found


def _keep(training: Training, rows: list[WindowScore]) -> None:
    from caloexport.runtime.files import atomic_output

    folder = training.folder
    with atomic_output(folder.decoder) as temporary:
        training.trainer.save_decoder(temporary)
    folder.write_text("scores.json", json.dumps([row.to_json() for row in rows], indent=2) + "\n")
    folder.write_manifest(training.trainer.sampling, _provenance(training))


def _provenance(training: Training) -> dict[str, Any]:
    plan, progress = training.plan, training.progress
    return {
        "family": plan.family,
        "preset": plan.preset,
        "seed": plan.seed,
        "settings": json.loads(json.dumps(plan.config)),
        "updates": progress.best_updates,
        "updates_planned": training.total,
        "score": progress.best_score,
        "data": list(training.data.files),
        "versions": versions(),
    }


def _save(training: Training) -> None:
    training.folder.write_history(training.history)
    write_checkpoint(
        training.folder.checkpoint, training.trainer.state(), training.progress.to_json()
    )


def best_scores(folder: RunFolder) -> list[WindowScore]:
    """Read the scores of the decoder that is kept; empty when there is none."""
    path = folder.path / "scores.json"
    if not path.exists():
        return []
    return [WindowScore(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
