"""From the times of single calls to the figures that are reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: µs per shower of the calls of one turn
Round = Sequence[float]


@dataclass(frozen=True)
class Figures:
    """Percentiles over all calls, in µs per shower."""

    calls: int
    median: float
    p10: float
    p90: float
    p99: float


def figures(rounds: Sequence[Round]) -> Figures:
    """Summarise the calls of all rounds.

    >>> figures([[1.0, 2.0], [3.0]]).median
    2.0
    """
    calls = np.concatenate([np.asarray(one, dtype=np.float64) for one in rounds])
    p10, median, p90, p99 = (float(p) for p in np.percentile(calls, [10, 50, 90, 99]))
    return Figures(len(calls), median, p10, p90, p99)


@dataclass(frozen=True)
class Ratios:
    """Of two sides, median and percentiles of the ratios within the rounds."""

    median: float
    p10: float
    p90: float


def ratios(above: Sequence[Round], below: Sequence[Round]) -> Ratios:
    """Return the ratios of the medians within each round.

    The two sides of a round ran one right after the other, so what disturbs one disturbs both.

    >>> ratios([[2.0], [40.0], [2.2]], [[1.0], [20.0], [1.0]]).median
    2.0
    """
    pairs = [float(np.median(a) / np.median(b)) for a, b in zip(above, below, strict=True)]
    p10, median, p90 = (float(p) for p in np.percentile(pairs, [10, 50, 90]))
    return Ratios(median, p10, p90)
