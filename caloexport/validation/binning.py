"""Bin edges that are fixed from the reference sample."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError


def linear_edges(values: Float64, bins: int, margin: float = 0.05) -> Float64:
    """Return equal bins over the range of the values, with a margin on both sides.

    Args:
        values: of the reference; what is not finite is left out.
        bins: how many.
        margin: in units of the range.

    Raises:
        UsageError: no finite value.

    >>> linear_edges(np.array([0.0, 10.0]), 2, margin=0.1).tolist()
    [-1.0, 5.0, 11.0]
    """
    low, high = _span(values)
    # all values equal: one bin around them
    room = margin * (high - low) if high > low else max(abs(low), 1.0) * 0.05
    return np.linspace(low - room, high + room, bins + 1)


def log_edges(values: Float64, bins: int) -> Float64:
    """Return bins of equal ratio over the range of the values above zero.

    >>> log_edges(np.array([0.0, 1.0, 100.0]), 2).round(6).tolist()
    [1.0, 10.0, 100.0]
    """
    low, high = _span(values[values > 0])
    return np.geomspace(low, high if high > low else 2 * low, bins + 1)


def _span(values: Float64) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        message = "the reference has no value to take a range from"
        raise UsageError(message, hint="are all its showers empty?")
    return float(finite.min()), float(finite.max())
