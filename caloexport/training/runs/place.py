"""Places where runs can be trained: this machine, or a cluster."""

from __future__ import annotations

from typing import Protocol

from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import Message


class Place(Protocol):
    """Takes jobs, and tells how they go."""

    @property
    def free(self) -> int:
        """How many more jobs it can take now."""

    def start(self, job: Job) -> None:
        """Begin a job, or go on with it where its folder is there already."""

    def hear(self, patience_s: float) -> list[tuple[str, Message]]:
        """Return what was told since, with the name of each job; waits a while for it.

        The last message of a job is an ``Ended``, come what may.
        """

    def answer(self, name: str, *, stop: bool) -> None:
        """Answer a ``Scored``: go on, or stop."""

    def interrupt(self) -> None:
        """Let every job save and end."""

    def close(self) -> None:
        """End whatever still runs, without saving."""
