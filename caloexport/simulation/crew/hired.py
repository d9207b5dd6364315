"""The parent's end of a worker process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caloexport.processes.ending import last_words
from caloexport.processes.threads import environment
from caloexport.simulation.crew.folder import log_path

WORKER = "caloexport.simulation.crew.worker"


class Hired:
    """A running worker.

    Attributes:
        slot: its number, which names its record file and its log.
        ready: its simulator is set up.
        waiting: numbers of the showers that it was given and has not finished, in order.
        answers: open file to wait on.
    """

    def __init__(self, folder: Path, slot: int) -> None:
        self.slot = slot
        self.ready = False
        self.waiting: deque[int] = deque()
        self.log = log_path(folder, slot)
        self._rest = b""
        self.answers, theirs = os.pipe()
        os.set_blocking(self.answers, False)
        # -P: nothing is imported from the folder that the user happens to stand in
        command = [sys.executable, "-P", "-m", WORKER, str(folder), str(slot), str(theirs)]
        try:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=(theirs,),
                    env=environment(threads=1),  # the workers are what fills the cores
                )
        except BaseException:
            os.close(self.answers)
            raise
        finally:
            os.close(theirs)

    def give(self, numbers: Sequence[int]) -> None:
        """Let it simulate showers."""
        self.waiting.extend(numbers)
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end is noticed where it is waited for
            self._process.stdin.write(f"{json.dumps(list(numbers))}\n".encode())
            self._process.stdin.flush()

    def take(self) -> list[dict[str, Any]] | None:
        """Return the answers that have come, None when it has ended."""
        try:
            new = os.read(self.answers, 2**16)
        except BlockingIOError:
            return []
        if not new:
            return None
        *lines, self._rest = (self._rest + new).split(b"\n")
        return [json.loads(line) for line in lines]

    def end(self) -> int:
        """Kill it, if it still runs, and return its exit code (minus the signal, if one ended it)."""
        if self._process.poll() is None and self._has_closed():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)  # it is about to end by itself: its own code tells more
        self._process.kill()
        code = self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        if self.answers >= 0:
            os.close(self.answers)
            self.answers = -1
        return code

    def _has_closed(self) -> bool:
        try:
            return self.answers >= 0 and not os.read(self.answers, 2**16)
        except BlockingIOError:
            return False

    def last_words(self) -> str:
        """Return the last lines of its log."""
        return last_words(self.log)
