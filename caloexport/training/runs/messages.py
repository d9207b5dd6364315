"""What a worker tells of its run, as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: how a run can end; ``stopped`` is by the answer to a score, ``interrupted`` by Ctrl-C
FINISHED, STOPPED, INTERRUPTED, FAILED = "finished", "stopped", "interrupted", "failed"


@dataclass(frozen=True)
class Progress:
    """So many updates of so many are done.

    Attributes:
        done: updates.
        total: updates in all.
        text: losses and speed, for people.
    """

    done: int
    total: int
    text: str = ""


@dataclass(frozen=True)
class Scored:
    """An evaluation; the worker waits until it is told to go on or to stop.

    Attributes:
        updates: done so far.
        total: updates in all.
        score: of the decoder as it is now; None when it is not a number.
        best: score of the decoder that is kept; None when there is none.
    """

    updates: int
    total: int
    score: float | None
    best: float | None


@dataclass(frozen=True)
class Ended:
    """The run is over, or as far as it gets.

    Attributes:
        how: FINISHED, STOPPED, INTERRUPTED or FAILED.
        summary: of a finished run, as ``caloexport train --json`` prints it.
        reason: why it failed, in one line.
        error: a caloexport error that it failed with, for ``error_from_json``.
    """

    how: str
    summary: Mapping[str, Any] | None = None
    reason: str | None = None
    error: Mapping[str, Any] | None = None


Message = Progress | Scored | Ended
KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in (Progress, Scored, Ended)}


def to_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON."""
    return {"kind": type(message).__name__, **asdict(message)}


def from_json(data: Mapping[str, Any]) -> Message:
    """Read a message.

    >>> from_json(to_json(Progress(3, 10)))
    Progress(done=3, total=10, text='')
    """
    return KINDS[data["kind"]](**{name: data[name] for name in data if name != "kind"})


def to_line(message: Message) -> str:
    """Return a message as a line."""
    return json.dumps(to_json(message)) + "\n"


def from_line(line: str | bytes) -> Message:
    """Read a line."""
    return from_json(json.loads(line))
