"""Work in parts that do not depend on each other, one part to a core."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from caloexport.processes.threads import cores
from caloexport.runtime.extras import installed, require

Given = TypeVar("Given")
Found = TypeVar("Found")
#: parts at once, each of which has memory of its own
MOST = 8


def side_by_side(function: Callable[[Given], Found], parts: Iterable[Given]) -> list[Found]:
    """Return what a function of NumPy gives for each part, in order.

    Matrices of some hundred columns are too small for the threads of a BLAS: they wait for each
    other, and where others use the processor too, take five times its time. Here each part has one
    thread. That takes threadpoolctl, which comes with scikit-learn; without it parts come one after
    the other, and BLAS does as it likes.

    >>> side_by_side(abs, [-1, 2])
    [1, 2]
    """
    if not installed("threadpoolctl"):
        return [function(part) for part in parts]
    limited: contextlib.AbstractContextManager[Any] = require(
        "threadpoolctl", extra="distances"
    ).threadpool_limits(1, "blas")
    with limited, ThreadPoolExecutor(min(cores(), MOST)) as pool:
        futures = [pool.submit(function, part) for part in parts]
        try:
            return [future.result() for future in futures]
        except BaseException:  # an interruption too: no part is begun after it
            pool.shutdown(wait=False, cancel_futures=True)
            raise
