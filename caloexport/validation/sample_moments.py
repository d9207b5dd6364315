"""Mean and width of a sample, each with its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64


@dataclass(frozen=True, eq=False)
class SampleMoments:
    """Of one sample numbers, of a stack of samples arrays.

    Attributes:
        mean: arithmetic mean.
        mean_error: width/√n.
        width: standard deviation, with n - 1.
        width_error: from the fourth moment m4 about the mean, without assuming any law:
            √((m4 - width⁴ (n - 3)/(n - 1))/n) / (2 width).
    """

    mean: Float64
    mean_error: Float64
    width: Float64
    width_error: Float64


def moments_of(values: Float64) -> SampleMoments:
    """Measure samples (..., n) of two values or more.

    >>> found = moments_of(np.array([1.0, 2.0, 3.0, 4.0]))
    >>> float(found.mean), float(found.width**2).__round__(6)
    (2.5, 1.666667)
    """
    n = values.shape[-1]
    mean = values.mean(axis=-1, keepdims=True)
    squares = np.square(values - mean)
    variance = squares.sum(axis=-1) / (n - 1)
    width = np.sqrt(variance)
    fourth = np.square(squares).mean(axis=-1)
    # of a sample of two values the difference is not above zero
    spread = np.sqrt(np.maximum(fourth - variance**2 * (n - 3) / (n - 1), 0.0) / n)
    error = np.divide(spread, 2 * width, where=width > 0, out=np.zeros_like(width))
    return SampleMoments(mean[..., 0], width / math.sqrt(n), width, error)


def ratio_of(
    reference: tuple[Float64, Float64], generated: tuple[Float64, Float64]
) -> tuple[float, float]:
    """Return generated/reference of two (number, error), and the error; NaN where the first is 0.

    >>> one, half = np.array(1.0), np.array(0.5)
    >>> ratio_of((half, 0 * one), (one, half))
    (2.0, 1.0)
    """
    (below, below_error), (above, above_error) = reference, generated
    if below == 0:
        return math.nan, math.nan
    ratio = float(above / below)
    return ratio, math.hypot(float(above_error), ratio * float(below_error)) / abs(float(below))
