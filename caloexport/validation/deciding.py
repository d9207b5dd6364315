"""The rule that decides whether a difference is within a limit: yes, no, or too few showers to tell.

The answer is no only where the difference exceeds the limit by more than chance explains, some standard
errors. It is yes only where the sample is large enough to have seen a failure: :data:`SEEN` times the limit
would have been answered with no in 97.7 % of samples of this size (two standard errors). Everything else
takes more showers.
"""

from __future__ import annotations

import math
from typing import Literal

Answer = Literal["yes", "no", "too few showers"]

#: times the limit, what a sample must be able to see
SEEN = 3
#: standard errors by which it must see it
CERTAINTY = 2


def decide(
    difference: float,
    error: float | None,
    limit: float,
    *,
    errors: float,
    slack: float = 0.0,
    floor: float = 0.0,
) -> Answer:
    """Say whether a difference is within a limit.

    Args:
        difference: not negative; of a distance what it exceeds its floor by, which may be.
        error: its standard error σ; None if the samples are too small to tell.
        limit: x; nothing passes a limit of 0.
        errors: how many σ above x the answer is no.
        slack: up to how many σ above x it may be yes.
        floor: of a distance. Where chance and a true difference add like the sides of a right
            triangle, √((SEEN x)² + floor²) - floor is left to see of SEEN x.

    >>> decide(0.5, 0.1, 1.0, errors=3.0), decide(1.2, 0.1, 1.0, errors=3.0)
    ('yes', 'too few showers')
    >>> decide(1.5, 0.1, 1.0, errors=3.0), decide(0.5, 0.5, 1.0, errors=3.0)
    ('no', 'too few showers')
    """
    if error is None:
        return "too few showers"
    if difference > limit + errors * error:
        return "no"
    enough = _enough(error, limit, errors, floor)
    return "yes" if enough and difference <= limit + slack * error else "too few showers"


def more_showers(
    difference: float, error: float, limit: float, *, errors: float, floor: float = 0.0
) -> float:
    """Return how many times the showers a decision takes, at least 1.

    Those with which a difference of :data:`SEEN` times the limit would be seen, or those with which the
    present one would be answered with no if it stays, whichever are fewer. Error and floor fall
    with the square root of the number of showers. Infinite for a difference that is its limit.

    Args:
        difference, error, limit, errors, floor: as for :func:`decide`, which had no answer.

    >>> more_showers(0.5, 0.5, 1.0, errors=3.0), round(more_showers(1.2, 0.1, 1.0, errors=3.0), 6)
    (1.5625, 2.25)
    """
    times = []
    if limit > 0 and not _enough(error, limit, errors, floor):
        # by which share error and floor must fall: (wide + floor) share + limit is then as large as
        # the hypotenuse of SEEN limits and share times the floor
        wide = (errors + CERTAINTY) * error
        square, linear = wide * (wide + 2 * floor), limit * (wide + floor)
        constant = (SEEN**2 - 1) * limit**2
        times.append(((math.sqrt(linear**2 + square * constant) + linear) / constant) ** 2)
    if difference > limit:
        times.append((errors * error / (difference - limit)) ** 2)
    return max(1.0, min(times, default=math.inf))


def _enough(error: float, limit: float, errors: float, floor: float) -> bool:
    """Say whether the sample would see a difference of SEEN times the limit."""
    seen = math.hypot(SEEN * limit, floor) - floor - limit
    return (errors + CERTAINTY) * error < seen
