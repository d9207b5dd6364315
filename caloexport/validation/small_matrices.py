"""Many small products of matrices: one thread is faster than several, which wait for each other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from caloexport.runtime.extras import installed, require

#: columns above which several threads have enough to do
FEW_COLUMNS = 100


@contextlib.contextmanager
def one_thread_for(columns: int) -> Iterator[None]:
    """Use one thread for products of few columns, where threadpoolctl is there to say so.

    On a machine that others use too, FPD of 460 showers of 46 features took 0.25 s of processor time instead of 2.3.

    >>> with one_thread_for(10):
    ...     pass
    """
    if columns > FEW_COLUMNS or not installed("threadpoolctl"):
        yield
        return
    with require("threadpoolctl", extra="distances").threadpool_limits(1, "blas"):
        yield
