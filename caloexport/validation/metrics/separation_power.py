"""Separation power: S = ½ Σ (p - q)²/(p + q) of two normalised histograms, between 0 and 1.

Bins are the given edges, as in the CaloChallenge: what lies outside is dropped before the histograms
are normalised (``outside`` in the details says how much of the generated sample). Without edges they
are those of :func:`window_edges`, with values outside in the outermost bins. A sample that has nothing
in the bins is told apart by every shower: 1.

Two samples of one law have K/4 (1/n + 1/m) over K bins, which is the floor, measured between halves
of the reference. The error is that of p and q as multinomial fractions, carried through S to first
order, and the spread of S between alike samples.

Source: arXiv:2009.03796, eq. 15; CaloChallenge, code/evaluate.py.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.binned_reference import BinnedReference
from caloexport.validation.binning import window_edges
from caloexport.validation.estimate import FEW
from caloexport.validation.halves import size_ratio
from caloexport.validation.metrics import Comparison, Metric, finite, metrics, undecided


def separation(p: Float64, q: Float64) -> Float64:
    """Return S of normalised contents (..., bins).

    >>> separation(np.array([0.5, 0.5]), np.array([1.0, 0.0])).item().__round__(4)
    0.3333
    """
    both = p + q
    return 0.5 * np.divide(np.square(p - q), both, where=both > 0, out=0 * both).sum(axis=-1)


class Prepared:
    """The reference in bins."""

    def __init__(self, reference: Array, edges: Float64 | None = None) -> None:
        values = finite(reference)
        self.n = len(values)
        self._bins = None
        self._between_halves: float | None = None
        if self.n >= FEW:
            own = window_edges(values) if edges is None else np.asarray(edges, dtype=np.float64)
            self._bins = BinnedReference(values, own, clip=edges is None)
            self._p = _normalised(self._bins.counts)

    def compare(self, generated: Array) -> Comparison:
        """Return S of a sample (m,)."""
        values = finite(generated)
        if self._bins is None or len(values) < FEW or not self._p.any():
            return undecided(self.n, len(values))
        counts = self._bins.count(values)
        inside = counts.sum()
        details = {"outside": 1 - float(inside) / len(values)}
        floor = self.floor(len(values))
        if not inside:
            return Comparison(1.0, 0.0, floor, self.n, len(values), details)
        q = counts / inside
        error = _error(self._p, q, float(self._bins.counts.sum()), float(inside))
        return Comparison(float(separation(self._p, q)), error, floor, self.n, len(values), details)

    def floor(self, n_generated: int) -> float | None:
        """Return the mean S of random halves, scaled with 1/n + 1/m."""
        if self._bins is None:
            return None
        if self._between_halves is None:
            first, second = (_normalised(side) for side in self._bins.halves)
            self._between_halves = float(separation(first, second).mean())
        return self._between_halves * size_ratio(self.n, n_generated)


def _normalised(counts: Float64) -> Float64:
    return counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1.0)


def _error(p: Float64, q: Float64, n: float, m: float) -> float:
    both = np.square(p + q)
    # dS/dp and dS/dq
    slopes = [
        np.divide((a - b) * (a + 3 * b), 2 * both, where=both > 0, out=0 * both)
        for a, b in ((p, q), (q, p))
    ]
    variance = sum(
        (float(slope**2 @ share) - float(slope @ share) ** 2) / size
        for slope, share, size in zip(slopes, (p, q), (n, m), strict=True)
    )
    # between alike samples the slopes are noise: they give twice the true variance, noise / 8
    noise = (np.count_nonzero(both) - 1) * (1 / n + 1 / m) ** 2
    return math.sqrt(max(variance - noise / 4, 0.0) + noise / 8)


metrics.register("separation_power")(Metric("separation power", 0.0, Prepared))
