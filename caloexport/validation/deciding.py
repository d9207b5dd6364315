"""The rule that decides whether a difference is within a limit: yes, no, or too few showers to tell.

A difference is *none* within its limit only where it exceeds the limit by more than chance explains, some
standard errors. It is *one* only where the sample is large enough to have seen a failure: a difference of
:data:`SEEN` times the limit would have been called one in 97.7 % of samples of this size (two standard
errors). Everything else takes more showers.
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
        limit: x, above zero.
        errors: how many σ above x a difference is none within it.
        slack: how many σ above x a difference may still be one.
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
    present one would be none within the limit if it stays, whichever are fewer. Error and floor fall
    with the square root of the number of showers. Infinite for a difference that is its limit.

    Args:
        difference, error, limit, errors, floor: as for :func:`decide`, which had no answer.

    >>> more_showers(0.5, 0.5, 1.0, errors=3.0), round(more_showers(1.2, 0.1, 1.0, errors=3.0), 6)
    (1.5625, 2.25)
    """
    times = []
    if not _enough(error, limit, errors, floor):
        # largest s with (wide + floor) s + limit = √((SEEN limit)² + (floor s)²)
        wide = (errors + CERTAINTY) * error
        square, linear = wide * (wide + 2 * floor), limit * (wide + floor)
        constant = (SEEN**2 - 1) * limit**2
        times.append((square / (math.sqrt(linear**2 + square * constant) - linear)) ** 2)
    if difference > limit:
        times.append((errors * error / (difference - limit)) ** 2)
    return max(1.0, min(times, default=math.inf))


def _enough(error: float, limit: float, errors: float, floor: float) -> bool:
    """Say whether the sample would see a difference of SEEN times the limit."""
    seen = math.hypot(SEEN * limit, floor) - floor - limit
    return (errors + CERTAINTY) * error < seen
