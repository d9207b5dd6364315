"""A worker that pretends to train: all of the real one but the updates, and no TensorFlow."""

from __future__ import annotations

import sys

from caloexport.training.interruption import interruption
from caloexport.training.runs import worker
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import INTERRUPTED, Ended, Scored
from tests.caloexport.training.runs.pretence import pretend


def train(job: Job, telling: worker.Telling) -> Ended:
    """Pretend to train."""
    telling.total = job.plan.schedule.updates
    with interruption() as asked:
        run = pretend(job, asked)
        message = next(run)
        while not isinstance(message, Ended):
            if isinstance(message, Scored):
                lost = float("nan")
                score = lost if message.score is None else message.score
                message = run.send(telling.on_score(message.updates, score, score))
            else:
                telling.tell(message)
                message = next(run)
        if message.how == INTERRUPTED:
            raise KeyboardInterrupt
        return message


if __name__ == "__main__":
    worker._train = train
    sys.exit(worker.main(sys.argv[1:]))
