"""A reference in rising order, to whose cumulative distribution that of a sample is held."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.validation.estimate import FEW
from caloexport.validation.halves import fixed_halves, size_ratio
from caloexport.validation.metrics import Comparison, finite, undecided

RESAMPLINGS = 50

#: (differences of two cumulative distributions (..., k), lengths over which they hold (k,)) -> (...)
Statistic = Callable[[Float64, Float64], Float64]


class RankedReference:
    """Compare by a number that two cumulative distributions have and that shrinks with 1/√n.

    The error is the spread over bootstrap resamplings of both samples. The floor is the mean of
    random halves of the reference, brought to the sizes of the samples.

    Args:
        reference: (n,); what is not finite is left out.
        statistic: of the differences.
        relative: name of a detail that tells the number in units of the reference's standard
            deviation; None for none.
    """

    def __init__(self, reference: Array, statistic: Statistic, relative: str | None = None) -> None:
        self._values = finite(reference)
        self._statistic = statistic
        self._relative = relative
        self._between_halves: float | None = None

    def compare(self, generated: Array) -> Comparison:
        """Return the number of a sample (m,)."""
        usual, found = self._values, finite(generated)
        counts = len(usual), len(found)
        if min(counts) < FEW:
            return undecided(*counts)
        both = np.concatenate([usual, found])
        order = np.argsort(both, kind="stable")
        lengths = np.diff(both[order])
        shares = np.repeat([1 / counts[0], -1 / counts[1]], counts)
        value = float(self._statistic(shares[order].cumsum()[:-1], lengths))
        random = np.random.default_rng(0)
        drawn = [
            float(self._statistic((shares * _times(counts, random))[order].cumsum()[:-1], lengths))
            for _ in range(RESAMPLINGS)
        ]
        width = float(usual.std(ddof=1))
        told = (
            {} if self._relative is None else {self._relative: value / width if width else math.nan}
        )
        error = float(np.std(drawn, ddof=1))
        return Comparison(value, error, self.floor(counts[1]), *counts, told)

    def floor(self, n_generated: int) -> float | None:
        """Return the mean of random halves, scaled with √(1/n + 1/m)."""
        n = len(self._values)
        if n < FEW:
            return None
        if self._between_halves is None:
            order = np.argsort(self._values, kind="stable")
            lengths = np.diff(self._values[order])
            found = []
            for first, second in zip(*fixed_halves(n), strict=True):
                shares = np.zeros(n)
                shares[first], shares[second] = 1 / len(first), -1 / len(second)
                found.append(self._statistic(shares[order].cumsum()[:-1], lengths))
            self._between_halves = float(np.mean(found))
        return self._between_halves * math.sqrt(size_ratio(n, n_generated))


def _times(counts: tuple[int, int], random: np.random.Generator) -> Integers:
    """Return how often each value of both samples is drawn when as many are, with replacement."""
    return np.concatenate([np.bincount(random.integers(n, size=n), minlength=n) for n in counts])
