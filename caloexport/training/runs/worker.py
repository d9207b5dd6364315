"""The process of one run: trains it, tells how it goes, stops when it is told to.

    python -m caloexport.training.runs.worker DESCRIPTOR

The job comes as one line of JSON on stdin, messages go to the open file DESCRIPTOR, because stdout
belongs to the libraries and is the log. After every score a line is read from stdin: whether to
stop. SIGTERM lets it save and end.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import IO, Any

from caloexport.converters.isolation import error_to_json
from caloexport.processes.ending import end_with_parent
from caloexport.runtime.errors import CaloexportError
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    STOPPED,
    Ended,
    Message,
    Progress,
    Scored,
    to_line,
)
from caloexport.training.scoring.row import number

#: seconds between two messages of progress
INTERVAL_S = 0.5


class Telling:
    """Tell how a training goes, and hear whether it shall go on.

    Attributes:
        total: updates in all; known once the training is prepared.
        stopped: it was told to stop.
    """

    def __init__(self, answers: IO[str]) -> None:
        self.total = 0
        self.stopped = False
        self._answers = answers
        self._last = 0.0

    def tell(self, message: Message) -> None:
        """Send a message."""
        self._answers.write(to_line(message))
        self._answers.flush()

    def report(self, done: int, text: str) -> None:
        """Tell of updates, but not of each."""
        now = time.monotonic()
        if now - self._last >= INTERVAL_S:
            self._last = now
            self.tell(Progress(done, self.total, text))

    def on_score(self, updates: int, score: float, best: float) -> bool:
        """Tell a score and the best so far; return whether to stop."""
        self.tell(Scored(updates, self.total, number(score), number(best)))
        line = sys.stdin.readline()
        if not line:  # the parent has gone
            raise KeyboardInterrupt
        self.stopped = json.loads(line)["stop"]
        return self.stopped


def main(arguments: list[str]) -> int:
    """Train the job on stdin; return the exit code."""
    return work(arguments, lambda asked, telling: _train(Job.from_json(asked), telling))


def work(arguments: list[str], train: Callable[[Mapping[str, Any], Telling], Ended]) -> int:
    """Do what is asked on stdin, and tell how it ended; return the exit code.

    Args:
        arguments: of the process.
        train: (job as JSON, what to tell by) -> how it ended.
    """
    end_with_parent()
    asked = json.loads(sys.stdin.readline())
    with os.fdopen(int(arguments[0]), "w") as answers:
        telling = Telling(answers)
        try:
            last = train(asked, telling)
        except KeyboardInterrupt:
            last = Ended(INTERRUPTED)
        except CaloexportError as error:
            last = Ended(FAILED, reason=str(error), error=error_to_json(error))
        except Exception as error:  # noqa: BLE001  # of whatever library: it is told, not lost
            traceback.print_exc()
            last = Ended(FAILED, reason=_in_one_line(error))
        try:
            telling.tell(last)
        except BrokenPipeError:  # the parent has gone
            return 1
    return 0 if last.how in (FINISHED, STOPPED) else 1


def _train(job: Job, telling: Telling) -> Ended:
    from caloexport.training import loop, start
    from caloexport.training.curves.picture import write_curves
    from caloexport.training.plan import resumed_plan

    schedule = job.plan.schedule
    if (job.folder / "config.toml").exists():
        wanted = {"updates": schedule.updates, "epochs": schedule.epochs}
        training = loop.resume(resumed_plan(job.folder, wanted), job.folder)
    else:
        training = loop.begin(job.plan, job.folder)
    telling.total = training.total
    progress = training.progress
    telling.tell(Progress(progress.updates, telling.total))
    pick = training.schedule.pick
    scores = loop.run(
        training,
        telling.report,
        lambda n, scored: telling.on_score(n, scored.picked(pick).value, progress.best_score),
    )
    if telling.stopped and progress.updates < training.total:
        return Ended(STOPPED)
    print(write_curves(training.history, job.folder))  # noqa: T201  # to the log
    return ended(start.summary(training, scores))


def ended(summary: Mapping[str, Any]) -> Ended:
    """Return the end of a run that came to its end; without a score it has failed."""
    if summary["score"] is None:
        return Ended(FAILED, reason="no evaluation gave a score that is a number")
    return Ended(FINISHED, summary=summary)


def _in_one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no message'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
