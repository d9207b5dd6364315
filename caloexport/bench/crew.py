"""The workers: started together, asked one at a time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from caloexport.bench.orders import Order, Reading, Startup, Subject, Turn
from caloexport.processes.threads import POOLS
from caloexport.runtime.errors import CaloexportError

#: glibc would give the memory of every result back and fetch it again, page by page: on virtual
#: machines that costs more than the decoder, while a long-running job keeps its memory
KEEP_MEMORY = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")
#: TensorFlow's own, beside the pools of all libraries
TENSORFLOW_POOLS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


class WorkerFailed(CaloexportError):
    """A backend's process ended before it was told to."""

    code = "worker-failed"


@dataclass
class Worker:
    """A running worker.

    Attributes:
        name: of the subject.
        process: blocked on its pipe unless it is asked.
        complaints: what it wrote to stderr.
    """

    name: str
    process: subprocess.Popen[str]
    complaints: IO[str]

    def startup(self) -> Startup:
        """Wait for its first answer."""
        return Startup(**self._answer())

    def turn(self, order: Order) -> Turn:
        """Let it measure."""
        self.send(order)
        answer = self._answer()
        spans = {key: tuple(answer[key]) for key in ("shower", "network", "overhead")}
        return Turn(**spans, energy_uj=answer["energy_uj"])

    def readings(self, order: Order) -> list[Reading]:
        """Let the probe measure."""
        self.send(order)
        answer = self._answer()["readings"]
        return [Reading(r["bytes"], r["streams"], tuple(r["samples"])) for r in answer]

    def send(self, message: Any) -> None:
        """Write one message to it."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # the missing answer tells more
                self.process.stdin.write(json.dumps(asdict(message)) + "\n")
                self.process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        line = "" if self.process.stdout is None else self.process.stdout.readline()
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.complaints.seek(0)
        lines = self.complaints.read().strip().splitlines()
        message = f"ended early: {lines[-1] if lines else 'no message'}"
        raise WorkerFailed(message, where=f"backend {self.name}")


@contextlib.contextmanager
def crew(subjects: Sequence[Subject]) -> Iterator[list[tuple[Worker, Startup]]]:
    """Start one worker per subject, one after the other, and end them all.

    Raises:
        WorkerFailed: one ended before its first shower.
    """
    with contextlib.ExitStack() as stack:
        started = []
        for subject in subjects:
            worker = stack.enter_context(hired(subject))
            worker.send(subject)
            started.append((worker, worker.startup()))
        yield started


def environment(threads: int) -> dict[str, str]:
    """Return the variables under which libraries are loaded."""
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    variables.update(dict.fromkeys((*POOLS, *TENSORFLOW_POOLS), str(threads)))
    variables.update(dict.fromkeys(KEEP_MEMORY, str(1 << 28)))
    return variables


@contextlib.contextmanager
def hired(subject: Subject) -> Iterator[Worker]:
    """Start a worker and end it."""
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "caloexport.bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=environment(subject.threads),
        )
        try:
            yield Worker(subject.name, process, complaints)
        finally:
            process.kill()
            process.communicate()
