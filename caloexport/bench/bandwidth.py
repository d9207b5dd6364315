"""The bandwidth of this machine: how long reading so many bytes takes at least."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from caloexport.bench.orders import Cache, Reading


@dataclass(frozen=True)
class Bandwidth:
    """One point of the curve.

    Attributes:
        cache: ``hot`` if the same bytes were read before, ``cold`` after other memory was read.
        bytes: that were read.
        gb_per_s, p10_gb_per_s, p90_gb_per_s: median and percentiles over the rounds, of the
            faster order in each round.
        streams: the order that was faster in most rounds: 1 place at a time, or 2.
    """

    cache: Cache
    bytes: int
    gb_per_s: float
    p10_gb_per_s: float
    p90_gb_per_s: float
    streams: int


def best(readings: Iterable[Reading], size: int) -> Reading | None:
    """Return the faster of the orders in which one round read so many bytes."""
    same = [one for one in readings if one.bytes == size]
    return min(same, key=lambda one: float(np.median(one.samples)), default=None)


def limit_rounds(rounds: Sequence[Sequence[Reading]], size: int) -> list[tuple[float, ...]] | None:
    """Return for every round the µs that reading so many bytes takes; None if nobody did."""
    found = [best(readings, size) for readings in rounds]
    return [one.samples for one in found if one is not None] if all(found) and found else None


def curve(cache: Cache, rounds: Sequence[Sequence[Reading]]) -> list[Bandwidth]:
    """Summarise the rounds of all workloads, one point per footprint, the smallest first."""
    points = []
    for size in sorted({one.bytes for readings in rounds for one in readings}):
        found = [one for one in (best(readings, size) for readings in rounds) if one is not None]
        speeds = [size / 1e3 / float(np.median(one.samples)) for one in found]
        p10, median, p90 = (float(p) for p in np.percentile(speeds, [10, 50, 90]))
        streams = max(sorted({one.streams for one in found}), key=[o.streams for o in found].count)
        points.append(Bandwidth(cache, size, median, p10, p90, streams))
    return points
