"""A place whose runs pretend to train in this very process, one message of each at a time."""

from __future__ import annotations

from collections.abc import Generator

from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import FAILED, Ended, Message, Progress, Scored
from tests.caloexport.training.runs.pretence import pretend


class QuickPlace:
    """Runs without processes.

    Args:
        jobs: how many at a time.
    """

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs
        self._interrupted = False
        self._runs: dict[str, Generator[Message, bool | None, None]] = {}
        self._answers: dict[str, bool | None] = {}
        #: names of the jobs that were started, and where each began
        self.started: list[str] = []
        self.begun: list[int] = []

    @property
    def free(self) -> int:
        return self._jobs - len(self._runs)

    def start(self, job: Job) -> None:
        self._runs[job.name] = pretend(job, lambda: self._interrupted)
        self._answers[job.name] = None
        self.started.append(job.folder.name)

    def hear(self, patience_s: float) -> list[tuple[str, Message]]:
        heard: list[tuple[str, Message]] = []
        for name in list(self._runs):
            message = self._next(name)
            heard.append((name, message))
            if isinstance(message, Progress):
                self.begun.append(message.done)
            if isinstance(message, Ended):
                del self._runs[name]
        return heard

    def _next(self, name: str) -> Message:
        try:
            message = self._runs[name].send(self._answers[name])
        except ArithmeticError as error:
            return Ended(FAILED, reason=f"{type(error).__name__}: {error}")
        self._answers[name] = None
        if isinstance(message, Scored):
            del self._answers[name]  # whoever hears it must answer
        return message

    def answer(self, name: str, *, stop: bool) -> None:
        self._answers[name] = stop

    def interrupt(self) -> None:
        self._interrupted = True

    def close(self) -> None:
        self._runs.clear()
