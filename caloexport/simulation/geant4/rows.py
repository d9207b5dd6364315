"""Rows of steps on their way from Geant4 to the scorings, in blocks of bounded size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.steps import COLUMNS

#: 2.6 MB: showers of any energy need no more, and the call per block costs nothing
BLOCK_ROWS = 65536


class StepRows:
    """Collects rows and hands every full block on.

    Args:
        take: called with (k, 5) rows, a view that is overwritten afterwards.

    Attributes:
        rows: (BLOCK_ROWS, 5) float64.
        count: (1,) int64: rows filled.
        pending: rows that Python collects instead, flat: many times cheaper than an array.
        error: the first exception of ``take``; it cannot pass through Geant4's C++, so blocks
            after it are dropped and :meth:`finish` raises it.
    """

    def __init__(self, take: Callable[[Float64], None]) -> None:
        self.take = take
        self.rows: Float64 = np.zeros((BLOCK_ROWS, COLUMNS))
        self.count = np.zeros(1, np.int64)
        self.pending: list[float] = []
        self.error: BaseException | None = None

    def hand_on(self) -> None:
        """Hand the rows that are here on; keep an exception for :meth:`finish`."""
        try:
            if self.error is None and self.count[0]:
                self.take(self.rows[: self.count[0]])
            if self.error is None and self.pending:
                self.take(np.array(self.pending).reshape(-1, COLUMNS))
        except BaseException as error:  # noqa: BLE001  # C++ cannot pass it on, an interrupt too
            self.error = error
        self.count[0] = 0
        self.pending.clear()

    def finish(self) -> None:
        """Hand the last block on, and raise what went wrong since the last call."""
        self.hand_on()
        error, self.error = self.error, None
        if error is not None:
            raise error
