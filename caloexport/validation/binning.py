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


def window_edges(values: Float64, edges: int = 30) -> Float64:
    """Return equal bins over the bulk of the values, as FastCaloGAN's epoch selection has them.

    The window reaches from the median m to both sides by the least of three distances:

        above   max - m,   2 (q95 - m),   10 (q84 - m)
        below   m - min,   2 (m - q5),    10 (q84 - m)      q84 here too, as coded there

    and the edges are the centres of as many equal bins of it, so there is one bin less. Who counts
    puts values outside into the outermost bins. Edges are not rounded (there: to 1 MeV). Values of
    which more than two thirds are equal have a window of no width: it is their range then.

    Source: chnzhangrui/funcXtraining, training/evaluate.py (plot_Etot), common.py
    (get_bins_given_edges); ATL-SOFT-PUB-2020-006.

    Args:
        values: of the reference; what is not finite is left out.
        edges: how many edges.

    Raises:
        UsageError: no finite value.

    >>> window_edges(np.array([0.0, 4.0, 5.0, 6.0, 10.0]), 5).round(6).tolist()
    [1.0, 3.0, 5.0, 7.0, 9.0]
    """
    least, most = _span(values)
    finite = values[np.isfinite(values)]
    q5, middle, q84, q95 = np.quantile(finite, (0.05, 0.5, 0.84, 0.95))
    high = middle + min(most - middle, 2 * (q95 - middle), 10 * (q84 - middle))
    low = middle - min(middle - least, 2 * (middle - q5), 10 * (q84 - middle))
    if not high > low:
        if not most > least:
            return linear_edges(finite, edges - 1)
        low, high = least, most
    half = (high - low) / edges / 2
    return np.linspace(low + half, high - half, edges)


def _span(values: Float64) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        message = "the reference has no value to take a range from"
        raise UsageError(message, hint="are all its showers empty?")
    return float(finite.min()), float(finite.max())
