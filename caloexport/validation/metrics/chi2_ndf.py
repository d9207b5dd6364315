"""χ²/ndf of two histograms, by which FastCaloGAN picks its epoch.

With counts y1, y2 in bins over the bulk of the reference (:func:`window_edges`, values outside in the
outermost bins), W = Σy and errors √y,

    χ² = Σ (W1 y2 - W2 y1)² / (W1² y2 + W2² y1)      ndf = bins - 1 - (bins empty in both)

Alike samples have 1 at any size. The score of several energies is Σχ²/Σndf (:func:`combined`).

Details: ``chi2``, ``ndf``. The error is that of a non-central χ², √(2 (ndf + 2 λ))/ndf with
λ = χ² - ndf or 0.

Source: chnzhangrui/funcXtraining, training/evaluate.py (chi2testWW, plot_Etot);
ATL-SOFT-PUB-2020-006; arXiv:2309.06515.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.binned_reference import BinnedReference
from caloexport.validation.binning import window_edges
from caloexport.validation.estimate import FEW
from caloexport.validation.metrics import Comparison, Metric, finite, metrics, undecided


def chi2(usual: Float64, found: Float64) -> tuple[Float64, Float64]:
    """Return χ² and ndf of counts (..., bins), each (...).

    >>> chi2(np.array([4.0, 6.0, 0.0]), np.array([6.0, 4.0, 0.0]))[0].item()
    0.8
    """
    w1, w2 = usual.sum(axis=-1, keepdims=True), found.sum(axis=-1, keepdims=True)
    variance = w1**2 * found + w2**2 * usual
    terms = np.divide(
        np.square(w1 * found - w2 * usual), variance, where=variance > 0, out=0 * variance
    )
    filled = np.count_nonzero(usual + found, axis=-1)
    return terms.sum(axis=-1), np.asarray(filled - 1, dtype=np.float64)


class Prepared:
    """The reference in bins over its bulk."""

    def __init__(self, reference: Array, edges: Float64 | None = None) -> None:
        values = finite(reference)
        self.n = len(values)
        self._bins = None
        if self.n >= FEW:
            self._bins = BinnedReference(values, window_edges(values), clip=True)
            self._floor: float | None = None

    def compare(self, generated: Array) -> Comparison:
        """Return χ²/ndf of a sample (m,)."""
        values = finite(generated)
        if self._bins is None or len(values) < FEW:
            return undecided(self.n, len(values))
        value, ndf = map(float, chi2(self._bins.counts, self._bins.count(values)))
        return _comparison(value, ndf, self.floor(len(values)), self.n, len(values))

    def floor(self, n_generated: int) -> float | None:
        """Return the mean χ²/ndf of random halves: about 1 at any size."""
        if self._bins is None:
            return None
        if self._floor is None:
            value, ndf = chi2(*self._bins.halves)
            self._floor = float(np.mean(value / np.maximum(ndf, 1)))
        return self._floor


def combined(comparisons: Iterable[Comparison]) -> Comparison:
    """Return Σχ²/Σndf, FastCaloGAN's score; comparisons without number are left out.

    >>> one = _comparison(10.0, 10.0, 1.0, 50, 50)
    >>> combined([one, _comparison(60.0, 20.0, 1.0, 50, 50)]).value.__round__(3)
    2.333
    """
    told = [one for one in comparisons if one.details.get("ndf")]
    if not told:
        return undecided(0, 0)
    weights = np.array([one.details["ndf"] for one in told])
    floors = np.array([one.floor for one in told], dtype=np.float64)
    return _comparison(
        sum(one.details["chi2"] for one in told),
        float(weights.sum()),
        float(weights @ floors / weights.sum()),
        sum(one.n_reference for one in told),
        sum(one.n_generated for one in told),
    )


def _comparison(
    value: float, ndf: float, floor: float | None, n_reference: int, n_generated: int
) -> Comparison:
    details = {"chi2": value, "ndf": ndf}
    if not ndf:  # all values of both samples are in one bin: alike, as far as one can see
        return Comparison(math.nan, None, None, n_reference, n_generated, details)
    beyond = max(value - ndf, 0.0)
    error = math.sqrt(2 * (ndf + 2 * beyond)) / ndf
    return Comparison(value / ndf, error, floor, n_reference, n_generated, details)


metrics.register("chi2_ndf")(Metric("χ²/ndf", 1.0, Prepared))
