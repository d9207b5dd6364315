"""The training loop: updates, scores, checkpoints; the same for every family.

What an update does follows from the state before it and its number alone, so a run that was
killed and resumed ends in the same weights as one that was not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import OutputFileError
from caloexport.training.ahead import Ahead
from caloexport.training.checkpoint import read_checkpoint, updates_done, write_checkpoint
from caloexport.training.divergence import Diverged, require_finite_state, require_within
from caloexport.training.evaluation import best_scores, evaluate, judge_again, publish
from caloexport.training.interruption import interruption
from caloexport.training.kept_steps import keep_step, require_to_come
from caloexport.training.plan import Plan
from caloexport.training.planned_data import planned_data
from caloexport.training.planned_trainer import planned_trainer, start_from
from caloexport.training.run_folder import RunFolder
from caloexport.training.scoring.row import Row
from caloexport.training.scoring.score import Scored
from caloexport.training.scoring.scorer import Scorer
from caloexport.training.status import status
from caloexport.training.tensorflow_setup import prepare_tensorflow
from caloexport.training.training import Progress, Training, learning_rate

#: called with the number of steps done and a text
Report = Callable[[int, str], None]

#: called after every evaluation with the updates done and its scores; True ends the training there
OnScore = Callable[[int, Scored], bool]

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
    require_to_come(training)
    if plan.start is not None:
        report(len(plan.data), "measuring statistics anew")
    start_from(plan, training.trainer)
    run.create(plan)
    return training


def resume(plan: Plan, folder: Path, report: Report = lambda done, text: None) -> Training:
    """Take up a run at its last checkpoint, or at its beginning when it has none yet.

    Raises:
        OutputFileError: another process trains in the folder.
        InputFileError: a file of the run, or of showers, is damaged.
    """
    run = RunFolder(folder)
    with run.held():
        return _take_up(plan, run, report)


def _take_up(plan: Plan, run: RunFolder, report: Report) -> Training:
    training = _prepare(plan, run, report)
    run.clear_leftovers()
    if not run.checkpoint.exists():
        start_from(plan, training.trainer)
    else:
        state, progress = read_checkpoint(run.checkpoint)
        training.trainer.restore(state, str(run.checkpoint))
        training.progress = Progress.from_json(progress)
        training.history = run.read_history(training.progress.updates)
        training.saved = training.progress.updates
        require_to_come(training)
        judge_again(training)
        publish(training)
    run.write_config(plan)
    return training


def _prepare(plan: Plan, run: RunFolder, report: Report) -> Training:
    prepare_tensorflow(plan.threads)
    data = planned_data(plan, report)
    trainer = planned_trainer(plan, data)
    scorer = Scorer(data, trainer.sampling)
    return Training(plan, run, data, trainer, scorer, Progress(), [])


def run(
    training: Training,
    report: Report = lambda done, text: None,
    on_score: OnScore = lambda updates, scored: False,
) -> list[Row]:
    """Train to the end, or until ``on_score`` asks to stop.

    Args:
        training: new or resumed.
        report: called after every update.
        on_score: called after every evaluation, when its checkpoint is written.

    Returns:
        The table of the decoder that is kept.

    Raises:
        KeyboardInterrupt: on Ctrl-C or SIGTERM, after a checkpoint was written.
        Diverged: nothing of the diverged state is written.
        OutputFileError: another process trains in the folder, or has since this one took it up.
    """
    with training.folder.held():
        _require_untouched(training)
        try:
            return _run(training, report, on_score)
        except Diverged as error:
            error.locate(str(training.folder.path), training.progress.updates, training.saved)
            raise


def _require_untouched(training: Training) -> None:
    """Refuse to go on from a state that the run has left behind: nobody held it in between."""
    there = updates_done(training.folder.checkpoint)
    if there != (training.saved or 0):
        message = f"another training has taken it to {there} updates in the meantime"
        raise OutputFileError(
            message, where=str(training.folder.path), hint="go on from there with --resume"
        )


def _run(training: Training, report: Report, on_score: OnScore) -> list[Row]:
    progress, total = training.progress, training.total
    resumed_at, started = progress.updates, time.monotonic()
    before = progress.seconds
    with interruption() as asked, Ahead(training.trainer.inputs, total) as inputs:
        while progress.updates < total:
            _update(training, inputs)
            elapsed = time.monotonic() - started
            progress.seconds = before + elapsed
            keep_step(training)
            if progress.updates % training.score_every == 0 or progress.updates == total:
                state = _sound_state(training)
                found = evaluate(training)
                progress.seconds = before + time.monotonic() - started
                _save(training, state)
                publish(training)
                if on_score(progress.updates, found):
                    break
            done = progress.updates - resumed_at
            report(progress.updates, status(training, done / max(elapsed, 1e-9)))
            if asked():
                _save(training, _sound_state(training))
                raise KeyboardInterrupt
    return best_scores(training.folder)


def _update(training: Training, inputs: Ahead) -> None:
    progress = training.progress
    number = progress.updates
    rate = learning_rate(training.schedule, number, training.total)
    wanted = number % LOSS_EVERY == 0
    progress.updates += 1
    losses = training.trainer.apply(inputs(number), rate, with_loss=wanted)
    require_within(losses)
    if wanted:
        sums = progress.losses
        progress.losses = {name: sums.get(name, 0.0) + value for name, value in losses.items()}
        progress.counted += 1


def _sound_state(training: Training) -> dict[str, Array]:
    state = training.trainer.state()
    require_finite_state(state)
    return state


def _save(training: Training, state: Mapping[str, Array]) -> None:
    training.folder.write_history(training.history)
    write_checkpoint(training.folder.checkpoint, state, training.progress.to_json())
    training.saved = training.progress.updates
