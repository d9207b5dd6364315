"""Pulls: the difference of mean or width, in units of its standard error."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.estimate import FEW
from caloexport.validation.halves import fixed_halves
from caloexport.validation.metrics import Comparison, finite, undecided
from caloexport.validation.sample_moments import SampleMoments, moments_of, ratio_of


class PulledReference:
    """Mean or width of the reference, to subtract.

    Args:
        reference: (n,).
        which: moment to compare.
    """

    def __init__(self, reference: Array, which: Literal["mean", "width"]) -> None:
        self._values = finite(reference)
        self.n = len(self._values)
        self._which = which
        self._floor: float | None = None
        if self.n >= FEW:
            self._usual = self._picked(moments_of(self._values))

    def compare(self, generated: Array) -> Comparison:
        """Return (generated - reference)/error of a sample (m,)."""
        values = finite(generated)
        if min(self.n, len(values)) < FEW:
            return undecided(self.n, len(values))
        found = self._picked(moments_of(values))
        difference, error = _difference(self._usual, found)
        ratio, ratio_error = ratio_of(self._usual, found)
        details = {
            "reference": float(self._usual[0]),
            "generated": float(found[0]),
            "difference": float(difference),
            "difference_error": float(error),
            "ratio": ratio,
            "ratio_error": ratio_error,
        }
        value = float(_over(difference, error))
        return Comparison(value, 1.0, self.floor(len(values)), self.n, len(values), details)

    def floor(self, n_generated: int) -> float | None:
        """Return the mean |pull| of random halves: about √(2/π) = 0.8 at any size."""
        if self.n < 2 * FEW:
            return None
        if self._floor is None:
            first, second = (
                self._picked(moments_of(self._values[side])) for side in fixed_halves(self.n)
            )
            self._floor = float(np.abs(_over(*_difference(first, second))).mean())
        return self._floor

    def _picked(self, moments: SampleMoments) -> tuple[Float64, Float64]:
        if self._which == "mean":
            return moments.mean, moments.mean_error
        return moments.width, moments.width_error


def _difference(
    usual: tuple[Float64, Float64], found: tuple[Float64, Float64]
) -> tuple[Float64, Float64]:
    return found[0] - usual[0], np.hypot(usual[1], found[1])


def _over(difference: Float64, error: Float64) -> Float64:
    """Divide; samples without spread are alike (0) or beyond any error (infinite)."""
    beyond = np.where(difference == 0, 0.0, np.copysign(math.inf, difference))
    return np.where(error > 0, difference / np.where(error > 0, error, 1.0), beyond)
