"""How long trainings will take: nobody should wait for hours without having been told."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

#: steps before the estimate, of which the first also compiles
UNTIMED, TIMED = 1, 3
#: shorter waits are not worth a line
WORTH_TELLING_S = 60.0


class Pace:
    """Counts steps, tells them, and says once how long all of them will take.

    Args:
        what: is trained.
        total: steps at most.
        report: (steps done, all steps, text), after each.
        clock: in seconds.
    """

    def __init__(
        self,
        what: str,
        total: int,
        report: Callable[[int, int, str], None] = lambda done, total, text: None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.what = what
        self.total = total
        self.done = 0
        self._report = report
        self._clock = clock
        self._start = 0.0

    def step(self) -> None:
        """Count one more step."""
        self.done += 1
        if self.done == UNTIMED:
            self._start = self._clock()
        elif self.done == UNTIMED + TIMED:
            self._tell((self._clock() - self._start) / TIMED * (self.total - self.done))
        self._report(self.done, self.total, self.what)

    def _tell(self, seconds: float) -> None:
        if seconds > WORTH_TELLING_S:
            text = "%s: %d steps of training, about %s; fewer showers take less"
            log.warning(text, self.what, self.total, spoken(seconds))


def spoken(seconds: float) -> str:
    """Return a duration as one says it.

    >>> spoken(100), spoken(5400), spoken(50_000)
    ('2 min', '90 min', '14 h')
    """
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(seconds / 3600)} h"
