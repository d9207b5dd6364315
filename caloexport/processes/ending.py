"""How a process ends: with its parent, and in which words that is told."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

#: Linux: option of prctl that names the signal sent when the parent dies
PR_SET_PDEATHSIG = 1
LAST_LINES = 8


def end_with_parent() -> None:
    """Let the system kill this process when its parent dies, even in the middle of its work."""
    if sys.platform == "linux":  # elsewhere it ends with its pipes, at its next word
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def how_it_ended(code: int) -> str:
    """Say in words how a process ended.

    >>> how_it_ended(1), how_it_ended(-11)
    ('exit code 1', 'signal SIGSEGV')
    """
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def last_words(log: Path) -> str:
    """Return the last lines of a log, indented."""
    text = log.read_text(errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-LAST_LINES:])
