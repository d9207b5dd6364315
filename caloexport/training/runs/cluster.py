"""A Dask cluster as a place for runs: a task for each, which starts a worker process of ours.

The task's process, and not a thread of Dask's worker, imports TensorFlow and trains: it can be
killed, and what it leaves behind goes with it. Its messages come through the scheduler, as events
of a topic. A task whose worker has died is begun anew by Dask on another one, and goes on from the
run's last checkpoint; for that, and for the data, the workers must see the same files.
"""

from __future__ import annotations

import queue
import select
import uuid
from collections.abc import Mapping
from typing import Any

from caloexport import __version__
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import installed, require
from caloexport.training.runs.hired import Hired
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import (
    FAILED,
    INTERRUPTED,
    Ended,
    Message,
    Scored,
    from_json,
    to_json,
)

#: seconds to wait for the scheduler, and for its first worker
TIMEOUT_S = 30
#: seconds between two looks, on a worker, at whether its task is still wanted
PATIENCE_S = 1.0


class Cluster:
    """The workers of a Dask scheduler.

    Args:
        address: of the scheduler, ``tcp://host:8786``.
        jobs: runs at a time; None is one per thread of the workers.

    Raises:
        MissingDependency: Dask is absent.
        UsageError: nobody answers there, it has no workers, or they have another caloexport.
    """

    def __init__(self, address: str, jobs: int | None = None) -> None:
        self._distributed: Any = require("distributed", extra="tune")
        self._address, self._jobs = address, jobs
        self._topic = f"caloexport-{uuid.uuid4().hex}"
        self._heard: queue.SimpleQueue[tuple[str, Message]] = queue.SimpleQueue()
        self._futures: dict[str, Any] = {}
        self._interrupted = False
        self._client = self._connect()
        try:
            self._check_workers()
        except BaseException:
            self._client.close()
            raise
        self._client.subscribe_topic(self._topic, self._take)

    def _connect(self) -> Any:
        try:
            return self._distributed.Client(
                self._address, timeout=TIMEOUT_S, set_as_default=False, direct_to_workers=False
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            message = f"no Dask scheduler answers: {type(error).__name__}"
            hint = "start one with 'dask scheduler', and workers with 'dask worker ADDRESS'"
            raise UsageError(message, where=self._address, hint=hint) from None

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=TIMEOUT_S)
        except TimeoutError:
            message = "the scheduler has no workers"
            hint = f"start some: dask worker {self._address} --nthreads 1"
            raise UsageError(message, where=self._address, hint=hint) from None
        try:
            found = self._client.run(_equipment)
        except ModuleNotFoundError as error:
            message = f"the workers cannot import {error.name}"
            hint = "install caloexport there, too"
            raise UsageError(message, where=self._address, hint=hint) from None
        for worker, (version, trains) in found.items():
            if version != __version__ or not trains:
                lacks = (
                    f"caloexport {version}, here is {__version__}" if trains else "no TensorFlow"
                )
                message = f"the worker {worker} has {lacks}"
                hint = f"pip install 'caloexport[train]=={__version__}' there"
                raise UsageError(message, where=self._address, hint=hint)

    @property
    def free(self) -> int:
        room = self._jobs or sum(self._client.nthreads().values())
        return room - len(self._futures)

    def start(self, job: Job) -> None:
        future = self._client.submit(
            train_there, job.to_json(), self._topic,
            key=f"{job.name}-{uuid.uuid4().hex}", pure=False,
        )  # fmt: skip
        self._futures[job.name] = future
        future.add_done_callback(lambda done: self._heard.put((job.name, _end_of(done))))

    def hear(self, patience_s: float) -> list[tuple[str, Message]]:
        heard: list[tuple[str, Message]] = []
        try:
            heard.append(self._heard.get(timeout=patience_s))
            while True:
                heard.append(self._heard.get_nowait())
        except queue.Empty:
            pass
        known = [(name, message) for name, message in heard if name in self._futures]
        for name, message in known:
            if isinstance(message, Ended):
                del self._futures[name]
        return known

    def answer(self, name: str, *, stop: bool) -> None:
        if stop:
            self._event(name).set()

    def interrupt(self) -> None:
        if not self._interrupted:
            self._interrupted = True
            self._event("").set()

    def close(self) -> None:
        for future in self._futures.values():
            future.cancel()
        self._client.close()

    def _event(self, name: str) -> Any:
        return self._distributed.Event(event_name(self._topic, name), client=self._client)

    def _take(self, event: tuple[float, Mapping[str, Any]]) -> None:
        told = event[1]
        self._heard.put((told["name"], from_json(told["message"])))


def event_name(topic: str, name: str) -> str:
    """Return the name of the event that tells a job to stop; without a name, all to save."""
    return f"{topic}-{name}"


def _equipment() -> tuple[str, bool]:
    """Return, on a worker, the version of caloexport, and whether it can train."""
    return __version__, installed("tensorflow")


def _end_of(future: Any) -> Ended:
    """Return how a task ended, whatever became of it."""
    if future.status == "finished":
        ended = from_json(future.result())
        assert isinstance(ended, Ended)
        return ended
    if future.status == "error":
        error = future.exception()
        return Ended(FAILED, reason=f"{type(error).__name__}: {error}".splitlines()[0])
    return Ended(FAILED, reason=f"the cluster gave it up ({future.status})")


def train_there(data: Mapping[str, Any], topic: str) -> dict[str, Any]:
    """Train a job, on a worker of Dask; return its last message.

    Args:
        data: the job as JSON.
        topic: of the events that its messages become.
    """
    distributed: Any = require("distributed", extra="tune")
    worker = distributed.get_worker()
    key = worker.get_current_task()
    job = Job.from_json(data)
    stop = distributed.Event(event_name(topic, job.name))
    interrupt = distributed.Event(event_name(topic, ""))
    if interrupt.is_set():
        return to_json(Ended(INTERRUPTED))
    hired = Hired(job)
    try:
        while True:
            ready, _, _ = select.select([hired.answers], [], [], PATIENCE_S)
            for message in hired.take() if ready else ():
                if isinstance(message, Ended):
                    return to_json(message)
                worker.log_event(topic, {"name": job.name, "message": to_json(message)})
                if isinstance(message, Scored):
                    # the verdict on this score comes later, and is heard at the next one: nobody
                    # waits for a scheduler that is far away
                    hired.answer(stop=stop.is_set())
            if _abandoned(worker, key) or interrupt.is_set():
                hired.interrupt()
    finally:
        hired.end()


def _abandoned(worker: Any, key: str) -> bool:
    """Say whether nobody wants the result any more: the client that asked has gone."""
    task = worker.state.tasks.get(key)
    return task is None or task.state in ("cancelled", "released", "forgotten")
