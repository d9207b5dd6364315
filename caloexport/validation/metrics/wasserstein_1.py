"""Wasserstein-1 distance: how far values must be moved, on average, to make one sample the other.

The area between the two cumulative distributions, in the unit of the number; no bins. A shift of a
whole sample is the shift itself.

Details: ``in_widths``, the distance over the standard deviation of the reference (NaN where that is
0). Error and floor: :mod:`caloexport.validation.ranked_reference`.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.metrics import Metric, metrics
from caloexport.validation.ranked_reference import RankedReference


def area(differences: Float64, lengths: Float64) -> Float64:
    """Return Σ |difference| length (...) of differences (..., k).

    >>> area(np.array([0.25, -0.5]), np.array([1.0, 2.0])).item()
    1.25
    """
    return np.asarray(np.abs(differences) @ lengths)


def prepare(reference: Array, edges: Float64 | None = None) -> RankedReference:
    """Rank the reference; bins are not needed."""
    return RankedReference(reference, area, relative="in_widths")


metrics.register("wasserstein_1")(Metric("Wasserstein-1 distance", 0.0, prepare))
