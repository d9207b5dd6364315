"""A run that only pretends to train: no TensorFlow, no time.

The score falls with the updates and depends on the learning rate: the best one is 0.003. What goes
wrong, half-way through the run, is chosen by β.
"""

from __future__ import annotations

import json
import math
import os
import signal
import time
from collections.abc import Callable, Generator
from typing import Any

from caloexport.converters.isolation import error_to_json
from caloexport.runtime.errors import UsageError
from caloexport.training.run_folder import RunFolder
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import (
    FAILED,
    INTERRUPTED,
    STOPPED,
    Ended,
    Message,
    Progress,
    Scored,
)
from caloexport.training.runs.worker import ended
from caloexport.training.scoring.row import Row

DIES, RAISES, REFUSES, SLOW, NO_NUMBER = 0.1, 0.2, 0.3, 0.4, 0.5
EVALUATIONS = 4


def pretend(job: Job, asked: Callable[[], bool]) -> Generator[Message, bool | None, None]:
    """Give the messages of a run; after a ``Scored``, take whether to stop.

    Args:
        job: what to pretend.
        asked: whether to save and end.
    """
    beta, total = job.plan.config["loss"]["beta"], job.plan.schedule.updates
    folder, saved = RunFolder(job.folder), job.folder / "done.txt"
    if beta == REFUSES:
        error = UsageError("the showers do not please", hint="bring others")
        yield Ended(FAILED, reason=str(error), error=error_to_json(error))
    if not job.folder.exists():
        folder.create(job.plan)
    begun = int(saved.read_text()) if saved.exists() else 0
    yield Progress(begun, total, f"began at {begun}")
    score = math.inf
    for done in range(begun + 1, total + 1):
        if done > total // 2:
            misbehave(beta)
        if done % (total // EVALUATIONS) == 0:
            score = score_of(job, done)
            saved.write_text(str(done))
            told = score if math.isfinite(score) else None
            if (yield Scored(done, total, told, told)):
                yield Ended(STOPPED)
        if asked():
            saved.write_text(str(done))
            yield Ended(INTERRUPTED)
    yield ended(summary(folder, score, total))


def summary(folder: RunFolder, score: float, total: int) -> dict[str, Any]:
    """Leave what a run leaves; return its summary."""
    row = Row("siw", "response", None, 1e4, 7, 7, mean_ratio=score, off=score)
    folder.write_text("scores.json", json.dumps([row.to_json()]))
    folder.decoder.write_text("weights")
    found = {"score": score if math.isfinite(score) else None, "score_error": 0.1}
    found |= {"updates": total, "best_updates": total, "seconds": 0.5, "score_floor": 0.2}
    found |= {"score_floor_error": 0.03}
    return {**found, "scores": [row.to_json()]}


def score_of(job: Job, done: int) -> float:
    """Return the score after some updates; the seed moves it by a hundredth."""
    if job.plan.config["loss"]["beta"] == NO_NUMBER:
        return math.nan
    rate = job.plan.schedule.learning_rate
    return abs(math.log10(rate / 0.003)) + 1 / done + 0.01 * job.plan.seed


def misbehave(beta: float) -> None:
    """Do what β asks for."""
    if beta == DIES:
        os.kill(os.getpid(), signal.SIGKILL)
    if beta == RAISES:
        message = "the loss is not a number"
        raise ArithmeticError(message)
    if beta == SLOW:
        time.sleep(0.05)
