"""The number of threads: of cores that there are, and that the libraries of a new process start."""

from __future__ import annotations

import os

#: what the pools of threads read when their libraries are loaded
POOLS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def environment(threads: int = 1) -> dict[str, str]:
    """Return the variables for a process that shall use a number of threads.

    >>> environment(2)["OMP_NUM_THREADS"]
    '2'
    """
    return {**os.environ, **dict.fromkeys(POOLS, str(threads))}


def cores() -> int:
    """Count the processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
