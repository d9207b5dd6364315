"""How far off a row is, in units of a tolerance, with what statistics alone would give taken away."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.training.scoring.row import Row
from caloexport.validation.estimate import FEW


def deviation(
    statistic: str, difference: Array | float, error: Array | float, tolerance: float
) -> Float64:
    """Return the deviation of differences, each with its error.

    The square of a difference x with error e is on average that of the true difference plus e².
    So x counts as √(x² - e²), and as nothing below its error: a fluctuation does not decide. The
    separation power goes with the square of a shift or of a change of width, so its root is
    taken: every deviation is linear in what the network does wrong.

    Args:
        statistic: ``"mean"``, ``"width"``: ratio - 1; ``"shape"``, ``"profile"``: separation
            power and L1 above their floors, where less than the floor is nothing.
        difference: from a perfect generator's.
        error: its standard error.
        tolerance: what counts as 1.

    >>> deviation("mean", 0.05, 0.03, 0.01).item().__round__(6), deviation("mean", 0.02, 0.03, 0.01).item()
    (4.0, 0.0)
    >>> deviation("shape", 0.04, 0.0, 0.01).item().__round__(6)
    2.0
    """  # fmt: skip
    x = np.asarray(difference, dtype=np.float64)
    if statistic in ("shape", "profile"):
        x = np.maximum(x, 0.0)
    beyond = np.sqrt(np.maximum(np.square(x) - np.square(error), 0.0)) / tolerance
    return np.asarray(np.sqrt(beyond) if statistic == "shape" else beyond)


def saturated(deviations: Array, cap: float) -> Float64:
    """Return deviations that stay below a cap, and that differ little from themselves below half.

    >>> saturated(np.array([0.0, 1.0, 10.0, np.inf]), 10.0).round(2).tolist()
    [0.0, 1.0, 7.07, 10.0]
    """
    shares = np.asarray(deviations, dtype=np.float64) / cap
    with np.errstate(divide="ignore"):  # 1/inf + 1 is what infinity shall give
        return np.asarray(cap / np.sqrt(1 + np.square(1 / shares)))


def difference_of(row: Row, statistic: str) -> tuple[float, float] | None:
    """Return the difference from a perfect generator's value, and its error.

    Infinite where generated showers have too few of a number that true ones have; None where the
    true ones do not have it, or where their mean or width is 0.
    """
    if row.showers < FEW:
        return None
    if row.generated < FEW:
        return math.inf, 0.0
    if statistic in ("mean", "width"):
        value, error = (getattr(row, f"{statistic}_ratio{part}") for part in ("", "_error"))
        floor: float | None = 1.0
    else:
        name = "separation" if statistic == "shape" else "l1"
        value, error, floor = (getattr(row, f"{name}{part}") for part in ("", "_error", "_floor"))
    if value is None or floor is None:
        return None
    return value - floor, error or 0.0
