"""The parent's end of a worker process."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys

from caloexport.processes.ending import how_it_ended
from caloexport.processes.threads import environment
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import FAILED, INTERRUPTED, Ended, Message, from_line

WORKER = "caloexport.training.runs.worker"


class Hired:
    """A worker at its run.

    Attributes:
        job: what it trains.
        answers: open file to wait on.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._rest = b""
        self._interrupted = False
        self.answers, theirs = os.pipe()
        # -P: nothing is imported from the folder that the user happens to stand in
        command = [sys.executable, "-P", "-m", job.worker or WORKER, str(theirs)]
        try:
            with job.log.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=(theirs,),
                    env=environment(job.plan.threads),
                    start_new_session=True,  # Ctrl-C reaches the parent alone, which decides
                )
        except BaseException:
            os.close(self.answers)
            raise
        finally:
            os.close(theirs)
        self._write(job.to_json())

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def answer(self, *, stop: bool) -> None:
        """Let it go on, or stop, after a score."""
        self._write({"stop": stop})

    def interrupt(self) -> None:
        """Let it save and end."""
        if not self._interrupted:  # a second signal would end it without saving
            self._interrupted = True
            self._process.send_signal(signal.SIGTERM)

    def take(self) -> list[Message]:
        """Return what it told since; waits until there is something."""
        new = os.read(self.answers, 2**16)
        if not new:
            return [self._last_message()]
        *lines, self._rest = (self._rest + new).split(b"\n")
        return [from_line(line) for line in lines]

    def end(self) -> None:
        """Kill it, if it still runs, and clear away what belongs to it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        os.close(self.answers)

    def _last_message(self) -> Ended:
        """Say how a worker ended that did not say so itself."""
        code = self._process.wait()
        if self._interrupted and code == -signal.SIGTERM:  # before there was anything to save
            return Ended(INTERRUPTED)
        reason = f"its process died ({how_it_ended(code)})"
        if code == -signal.SIGKILL:
            reason += "; out of memory?"
        return Ended(FAILED, reason=reason)

    def _write(self, data: object) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end is noticed where it is waited for
            self._process.stdin.write(f"{json.dumps(data)}\n".encode())
            self._process.stdin.flush()
