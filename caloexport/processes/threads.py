"""The number of threads that the libraries of a new process start."""

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
