"""A worker that trains nothing: all of the real one but the updates, and no TensorFlow.

The score falls with the updates and depends on the learning rate: the best one is 0.003. What goes
wrong is chosen by β.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time

from caloexport.runtime.errors import UsageError
from caloexport.training.interruption import interruption
from caloexport.training.run_folder import RunFolder
from caloexport.training.runs import worker
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import STOPPED, Ended, Progress
from tests.caloexport.training.runs.misbehaviour import DIES, NO_NUMBER, RAISES, REFUSES, SLOW

EVALUATIONS = 4


def train(job: Job, telling: worker.Telling) -> Ended:
    """Pretend to train; what is done is kept in ``done.txt``."""
    beta = job.plan.config["loss"]["beta"]
    total = telling.total = job.plan.schedule.updates
    folder = RunFolder(job.folder)
    if not job.folder.exists():
        folder.create(job.plan)
    if beta == REFUSES:
        message = "the showers do not please"
        raise UsageError(message, hint="bring others")
    saved = job.folder / "done.txt"
    begun = int(saved.read_text()) if saved.exists() else 0
    telling.tell(Progress(begun, total, f"began at {begun}"))
    score = math.inf
    with interruption() as asked:
        for done in range(begun + 1, total + 1):
            if done > total // 2:
                misbehave(beta)
            if done % (total // EVALUATIONS) == 0:
                score = score_of(job, done)
                saved.write_text(str(done))
                if telling.on_score(done, score):
                    return Ended(STOPPED)
            if asked():
                saved.write_text(str(done))
                raise KeyboardInterrupt
    rows = [{"geometry": "siw", "energy_gev": 10.0, "showers": 7, "ratio": score, "error": 0.1}]
    folder.write_text("scores.json", json.dumps(rows))
    (job.folder / "decoder.keras").write_text("weights")
    found = {"score": score, "updates": total, "best_updates": total, "seconds": 0.5}
    return worker.ended({**found, "scores": rows})


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


if __name__ == "__main__":
    worker._train = train
    sys.exit(worker.main(sys.argv[1:]))
