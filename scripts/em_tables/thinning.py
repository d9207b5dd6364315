"""Choose the points of a table so that straight lines between them are accurate enough."""

from __future__ import annotations

from typing import Any

import numpy as np

FINE_PER_DECADE = 3000


def fine_grid(low: float, high: float) -> Any:
    """Return energies close enough to catch every edge."""
    return np.geomspace(low, high, 2 + int(FINE_PER_DECADE * np.log10(high / low)))


def thin(x: Any, y: Any, tolerance: float) -> Any:
    """Return indices of points between which a straight line is within a relative tolerance.

    Greedy: each interval is the longest that still fits, first and last point are kept.
    """
    chosen = [0]
    while chosen[-1] < len(x) - 1:
        chosen.append(_furthest(x, y, chosen[-1], tolerance))
    return np.array(chosen)


def _furthest(x: Any, y: Any, start: int, tolerance: float) -> int:
    good, step = start + 1, 1
    while good + step < len(x) and _fits(x, y, start, good + step, tolerance):
        good, step = good + step, step * 2
    while step >= 1:
        if good + step < len(x) and _fits(x, y, start, good + step, tolerance):
            good += step
        else:
            step //= 2
    return good


def _fits(x: Any, y: Any, start: int, end: int, tolerance: float) -> bool:
    inside = slice(start, end + 1)
    line = y[start] + (x[inside] - x[start]) * ((y[end] - y[start]) / (x[end] - x[start]))
    return bool(np.all(np.abs(line - y[inside]) <= tolerance * y[inside]))
