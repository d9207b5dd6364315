"""The training loop: updates, scores, checkpoints; the same for every family.

What an update does follows from the state before it and its number alone, so a run that was
killed and resumed ends in the same weights as one that was not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

from caloexport.training.checkpoint import read_checkpoint, write_checkpoint
from caloexport.training.data import load
from caloexport.training.evaluation import best_scores, evaluate
from caloexport.training.families import families
from caloexport.training.interruption import interruption
from caloexport.training.plan import Plan
from caloexport.training.run_folder import RunFolder
from caloexport.training.score import WindowScore
from caloexport.training.tensorflow_setup import prepare_tensorflow
from caloexport.training.training import Progress, Training, learning_rate

#: called with the number of steps done and a text
Report = Callable[[int, str], None]

#: called after every evaluation with the updates done and the score; True ends the training there
OnScore = Callable[[int, float], bool]

#: updates between two evaluations of the training loss
LOSS_EVERY = 10


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
                found = evaluate(training)
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


def _save(training: Training) -> None:
    training.folder.write_history(training.history)
    write_checkpoint(
        training.folder.checkpoint, training.trainer.state(), training.progress.to_json()
    )
