"""This machine as a place for runs: so many worker processes at a time."""

from __future__ import annotations

import selectors

from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.extras import installed
from caloexport.training.runs.hired import Hired
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import FINISHED, Ended, Message


class Machine:
    """Worker processes on this machine.

    Args:
        jobs: how many at a time.

    Raises:
        MissingDependency: TensorFlow is absent, which every worker would find out for itself.
    """

    def __init__(self, jobs: int) -> None:
        if not installed("tensorflow"):
            raise MissingDependency("tensorflow", extra="train")
        self._jobs = jobs
        self._selector = selectors.DefaultSelector()
        self._hired: dict[str, Hired] = {}

    @property
    def free(self) -> int:
        return self._jobs - len(self._hired)

    def start(self, job: Job) -> None:
        worker = self._hired[job.name] = Hired(job)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def hear(self, patience_s: float) -> list[tuple[str, Message]]:
        heard = []
        for key, _ in self._selector.select(patience_s):
            worker: Hired = key.data
            for message in worker.take():
                heard.append((worker.job.name, message))
                if isinstance(message, Ended):
                    self._dismiss(worker, message)
        return heard

    def answer(self, name: str, *, stop: bool) -> None:
        self._hired[name].answer(stop=stop)

    def interrupt(self) -> None:
        for worker in self._hired.values():
            worker.interrupt()

    def close(self) -> None:
        for worker in self._hired.values():
            worker.end()
        self._hired.clear()
        self._selector.close()

    def _dismiss(self, worker: Hired, ended: Ended) -> None:
        self._selector.unregister(worker.answers)
        worker.end()
        del self._hired[worker.job.name]
        if ended.how == FINISHED:
            worker.job.log.unlink(missing_ok=True)
