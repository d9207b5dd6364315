"""Bootstrap of the differences that make the score.

A resampling draws showers with replacement, the true ones and those generated under their
conditions together. It adds the noise of the sample once more, which is taken away like that of
the sample itself: errors and floors count twice in squares.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.training.scoring.deviation import deviation
from caloexport.validation.binned_reference import BinnedReference
from caloexport.validation.binning import window_edges
from caloexport.validation.metrics import finite
from caloexport.validation.metrics.separation_power import separation

RESAMPLINGS = 40


@functools.lru_cache(maxsize=64)  # all observables of a point share the number of showers
def draws(n: int) -> Integers:
    """Return always the same showers drawn with replacement, (resamplings, n).

    >>> draws(7).shape
    (40, 7)
    """
    found = np.random.default_rng(n).integers(n, size=(RESAMPLINGS, n))
    found.setflags(write=False)  # they are shared
    return found


class Resampled:
    """The full simulation's numbers of one row, resampled for one statistic.

    Args:
        statistic: of a criterion.
        reference: (n,) numbers, NaN where a shower has none, or of a profile (n, bins).
    """

    def __init__(self, statistic: str, reference: Float64) -> None:
        self._statistic = statistic
        self._measure = _measure(statistic, reference)
        self._usual = self._measure(reference)

    def deviations(
        self, generated: Float64, floor: float, error: float, tolerance: float
    ) -> Float64:
        """Return the deviation in every resampling, (resamplings,).

        Args:
            generated: like the reference.
            floor, error: of the difference that was found.
            tolerance: what counts as 1.
        """
        found = self._measure(generated)
        if self._statistic == "shape":
            differences = separation(self._usual, found) - 2 * floor
        elif self._statistic == "profile":
            differences = np.abs(self._usual - found).sum(axis=-1) - math.sqrt(2) * floor
        else:
            usual = np.where(self._usual == 0, np.nan, self._usual)
            differences = np.nan_to_num(found / usual - 1)[..., 0]
        return deviation(self._statistic, differences, math.sqrt(2) * error, tolerance)


def _measure(statistic: str, reference: Float64) -> Callable[[Float64], Float64]:
    """Return what measures a sample in all resamplings, (resamplings, numbers)."""
    if statistic == "shape":
        return functools.partial(_shares, _bins(reference))
    return {"mean": _mean, "width": _width, "profile": _profile}[statistic]


def _bins(reference: Float64) -> BinnedReference:
    values = finite(reference)
    return BinnedReference(values, window_edges(values), clip=True)


def _shares(bins: BinnedReference, values: Float64) -> Float64:
    told = finite(values)
    return bins.count_drawn(told, draws(len(told))) / len(told)


def _mean(values: Float64) -> Float64:
    told = finite(values)
    return told[draws(len(told))].mean(axis=1, keepdims=True)


def _width(values: Float64) -> Float64:
    told = finite(values)
    return told[draws(len(told))].std(axis=1, ddof=1, keepdims=True)


def _profile(values: Float64) -> Float64:
    sums = np.stack([np.bincount(one, minlength=len(values)) for one in draws(len(values))])
    profile = sums @ values
    total = profile.sum(axis=1, keepdims=True)
    return np.divide(profile, total, where=total > 0, out=np.zeros_like(profile))
