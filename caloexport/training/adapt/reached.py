"""When trainings came within distances that were fixed beforehand, and how many times sooner."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from caloexport.training.adapt.arms import SCRATCH
from caloexport.training.adapt.courses import Course

#: L1 distances of the normalised mean longitudinal profile, at every energy
DISTANCES = (0.10, 0.05, 0.03)


@dataclass(frozen=True)
class Reached:
    """When a distance was reached, over seeds.

    Attributes:
        updates, updates_spread: mean and standard deviation; None where a seed did not reach it.
        seconds: mean.
        seeds: that reached it, of how many.
        of: how many there were.
    """

    updates: float | None
    updates_spread: float | None
    seconds: float | None
    seeds: int
    of: int


@dataclass(frozen=True)
class Ratio:
    """How many times more updates a training from fresh weights needs, over seeds.

    Attributes:
        times, times_spread: mean and standard deviation of the seeds' ratios.
        at_least: where fresh weights do not come within the distance, by every seed.
        why: there is no ratio; empty where there is.
    """

    times: float | None = None
    times_spread: float | None = None
    at_least: float | None = None
    why: str = ""


def reached(courses: Sequence[Course], arm: str, showers: int, distance: float) -> Reached:
    """Return when an arm came within a distance at every energy."""
    own = _of(courses, arm, showers)
    places = [place for one in own if (place := one.reached(distance)) is not None]
    if len(places) < len(own):
        return Reached(None, None, None, len(places), len(own))
    updates = [place.updates for place in places]
    spread = statistics.stdev(updates) if len(updates) > 1 else None
    seconds = statistics.fmean(place.seconds for place in places)
    return Reached(statistics.fmean(updates), spread, seconds, len(places), len(own))


def ratio(courses: Sequence[Course], arm: str, showers: int, distance: float) -> Ratio:
    """Compare an arm with that of fresh weights, seed by seed.

    Where some seed of the arm is that close before any update, or never, there is no ratio. Where no
    seed of fresh weights comes that close, the ratio is at least that of all its updates.
    """
    own, fresh = (_of(courses, name, showers) for name in (arm, SCRATCH))
    mine = [one.reached(distance) for one in own]
    theirs = [one.reached(distance) for one in fresh]
    if None in mine:
        return Ratio(why="not reached")
    counts = [place.updates for place in mine if place is not None]
    if 0 in counts:
        return Ratio(why="reached before any update")
    if not fresh:
        return Ratio(why="nothing was trained from scratch")
    if None not in theirs:
        ratios = [
            place.updates / count for place, count in zip(theirs, counts, strict=True) if place
        ]
        spread = statistics.stdev(ratios) if len(ratios) > 1 else None
        return Ratio(statistics.fmean(ratios), spread)
    if any(theirs):
        return Ratio(why="reached by some seeds from scratch alone")
    ends = [one.places[-1].updates for one in fresh]
    least = min(end / count for end, count in zip(ends, counts, strict=True))
    return Ratio(at_least=least, why="not reached from scratch")


def _of(courses: Sequence[Course], arm: str, showers: int) -> list[Course]:
    return [one for one in courses if (one.arm, one.showers) == (arm, showers)]
