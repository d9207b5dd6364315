"""Memory of this process: its own, and what it shares with others that map the same files."""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

STATM = Path("/proc/self/statm")
ROLLUP = Path("/proc/self/smaps_rollup")
KB = 1024 / 1e6


@dataclass(frozen=True)
class Memory:
    """Resident memory in MB.

    Attributes:
        resident: all of it; where the system does not tell, the peak so far.
        private: anonymous memory, which every process has for itself; None where the system does
            not tell.
        shared: pages of files, weights and libraries: processes that map the same files have
            them once.
        proportional: private, and of each other page its share among those that map it now.
    """

    resident: float
    private: float | None = None
    shared: float | None = None
    proportional: float | None = None

    def since(self, before: Memory) -> Memory:
        """Return what was added."""
        return Memory(
            self.resident - before.resident,
            added(self.private, before.private),
            added(self.shared, before.shared),
            added(self.proportional, before.proportional),
        )


def added(after: float | None, before: float | None) -> float | None:
    """Return the difference where both are known."""
    return None if after is None or before is None else after - before


def memory(rollup: Path = ROLLUP) -> Memory:
    """Return what this process has resident."""
    if not rollup.exists():
        return Memory(resident_mb())
    sizes = parse_rollup(rollup.read_text())
    private = sizes["Anonymous"]
    return Memory(sizes["Rss"], private, sizes["Rss"] - private, sizes["Pss"])


def parse_rollup(text: str) -> dict[str, float]:
    """Return the sizes of ``/proc/PID/smaps_rollup`` in MB.

    >>> parse_rollup("55-7f ---p 0 0:0 0 [rollup]\\nRss:  2000 kB\\nAnonymous: 1000 kB")["Rss"]
    2.048
    """
    fields = (line.split() for line in text.splitlines())
    return {f[0][:-1]: int(f[1]) * KB for f in fields if len(f) == 3 and f[2] == "kB"}


def resident_mb() -> float:
    """Return the resident memory in MB; where the system does not tell, the peak so far."""
    if STATM.exists():
        pages = int(STATM.read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
