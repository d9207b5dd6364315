"""Kolmogorov-Smirnov distance: the largest difference of the two cumulative distributions.

Between 0 and 1, without bins, and the same for any monotonous scale of the number. It sees shifts
of the bulk and hardly the tails. Alike samples have about 0.87 √(1/n + 1/m).

Error and floor: :mod:`caloexport.validation.ranked_reference`.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.metrics import Metric, metrics
from caloexport.validation.ranked_reference import RankedReference


def largest(differences: Float64, lengths: Float64) -> Float64:
    """Return the largest |difference| (...) of those (..., k) that hold over some length (k,).

    >>> largest(np.array([0.25, -0.5, 1.0]), np.array([1.0, 2.0, 0.0])).item()
    0.5
    """
    held = np.abs(differences[..., lengths > 0])
    return np.asarray(held.max(axis=-1, initial=0.0))


def prepare(reference: Array, edges: Float64 | None = None) -> RankedReference:
    """Rank the reference; bins are not needed."""
    return RankedReference(reference, largest)


metrics.register("kolmogorov_smirnov")(Metric("Kolmogorov-Smirnov distance", 0.0, prepare))
