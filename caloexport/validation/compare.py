"""Compare a generated sample with the reference: profiles and response, each with its error.

A distance between finite samples is never zero, not even between two halves of the same one, so
every number comes with a floor. All random draws are seeded: the same input, the same output.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.validation.estimate import FEW, Estimate
from caloexport.validation.halves import SPLITS, random_halves, size_ratio
from caloexport.validation.sample_moments import moments_of, ratio_of

RESAMPLINGS = 100
#: showers of a sample that are resampled for the error of a distance; of more, the error is that of
#: so many, scaled by the square root of the numbers
MOST_RESAMPLED = 4000


def compare_profiles(reference: Float64, generated: Float64, *, seed: int = 0) -> Estimate:
    """Return the L1 distance of two normalised profiles: Σ |p_k - q_k|, between 0 and 2.

    A profile is summed over showers, then divided by its total. The error is the spread over
    bootstrap resamplings of both samples. The floor is the mean distance of random halves of
    the reference, scaled from the halves' sizes to those of the samples.

    Args:
        reference, generated: (n, bins) and (m, bins), MeV.
        seed: of resamplings and halves.

    Raises:
        UsageError: an empty sample, or different bins.

    >>> ones = np.ones((8, 2))
    >>> compare_profiles(ones, ones * [3.0, 1.0]).value
    0.5
    """
    if reference.shape[1:] != generated.shape[1:]:
        message = f"profiles have {reference.shape[1:]} and {generated.shape[1:]} bins"
        raise UsageError(message, hint="compare showers of the same mesh")
    _require_showers(len(reference), len(generated))
    value = _distance(reference.sum(axis=0), generated.sum(axis=0))
    if min(len(reference), len(generated)) < FEW:
        return Estimate(value, None, None)
    random = np.random.default_rng(seed)
    spread = [
        _distance(_resampled(reference, random), _resampled(generated, random))
        for _ in range(RESAMPLINGS)
    ]
    halves = [_halves_distance(reference, random) for _ in range(SPLITS)]
    floor = float(np.mean(halves)) * math.sqrt(size_ratio(len(reference), len(generated)))
    return Estimate(value, float(np.std(spread, ddof=1)), floor)


def compare_means(reference: Float64, generated: Float64) -> Estimate:
    """Return mean(generated)/mean(reference) of a number per shower.

    The error comes from the standard errors of both means. The floor is the mean |ratio - 1| of
    two samples of these sizes with the reference's spread, sqrt(2/π) times its error.

    Args:
        reference, generated: (n,) and (m,).

    Raises:
        UsageError: an empty sample, or a reference whose mean is not above zero.

    >>> print(compare_means(np.array([0.9, 1.0, 1.1, 1.0]), np.array([1.0, 1.1, 1.2, 1.1])))
    1.1 ± 0.061 (floor 0.046)
    """
    _require_showers(len(reference), len(generated))
    usual = float(reference.mean())
    if not usual > 0:
        message = f"the reference has the mean {usual:g}, expected > 0"
        raise UsageError(message)
    if min(len(reference), len(generated)) < FEW:
        return Estimate(float(generated.mean()) / usual, None, None)
    one, other = moments_of(reference), moments_of(generated)
    ratio, error = ratio_of((one.mean, one.mean_error), (other.mean, other.mean_error))
    sizes = 1 / len(reference) + 1 / len(generated)
    floor = float(one.width) / usual * math.sqrt(sizes) * math.sqrt(2 / math.pi)
    return Estimate(ratio, error, floor)


def compare_shift(reference: Float64, generated: Float64, unit: float) -> Estimate:
    """Return mean(generated) - mean(reference) of a number per shower, in a unit.

    Error and floor as in :func:`compare_means`.

    Args:
        reference, generated: (n,) and (m,).
        unit: above zero; what a difference is large or small against.

    Raises:
        UsageError: an empty sample.

    >>> print(compare_shift(np.array([0.9, 1.0, 1.1, 1.0]), np.array([1.0, 1.1, 1.2, 1.1]), 0.5))
    0.2 ± 0.12 (floor 0.092)
    """
    _require_showers(len(reference), len(generated))
    value = float(generated.mean() - reference.mean()) / unit
    if min(len(reference), len(generated)) < FEW:
        return Estimate(value, None, None)
    one, other = moments_of(reference), moments_of(generated)
    error = math.hypot(float(one.mean_error), float(other.mean_error))
    sizes = 1 / len(reference) + 1 / len(generated)
    floor = float(one.width) * math.sqrt(sizes) * math.sqrt(2 / math.pi)
    return Estimate(value, error / unit, floor / unit)


def compare_distance(
    distance: Callable[[Float64, Float64], float],
    reference: Float64,
    generated: Float64,
    *,
    seed: int = 0,
) -> Estimate:
    """Return a distance of two samples, which is above zero for finite samples of one law too.

    Error and floor as in :func:`compare_profiles`.

    Args:
        distance: of rows (n, ...) and (m, ...).
        reference, generated: rows, one per shower.
        seed: of resamplings and halves.

    Raises:
        UsageError: an empty sample.
    """
    _require_showers(len(reference), len(generated))
    value = distance(reference, generated)
    if min(len(reference), len(generated)) < FEW:
        return Estimate(value, None, None)
    random = np.random.default_rng(seed)
    few = [_some(rows, random) for rows in (reference, generated)]
    spread = [distance(*(_drawn(rows, random) for rows in few)) for _ in range(RESAMPLINGS)]
    halves = [
        distance(*(few[0][side] for side in random_halves(len(few[0]), random)))
        for _ in range(SPLITS)
    ]
    # both fall with the square root of the showers
    variance = 1 / len(reference) + 1 / len(generated)
    error = float(np.std(spread, ddof=1)) * math.sqrt(variance / sum(1 / len(one) for one in few))
    floor = float(np.mean(halves)) * math.sqrt(variance / (4 / len(few[0])))
    return Estimate(value, error, floor)


def compare_statistics(
    statistic: Callable[[Float64], float],
    reference: Float64,
    generated: Float64,
    *,
    seed: int = 0,
) -> Estimate:
    """Return statistic(generated)/statistic(reference) of a number that a whole sample has.

    The error is the spread over bootstrap resamplings of both samples. The floor is the mean
    |ratio - 1| of random halves of the reference, scaled from the halves' sizes to those of the
    samples.

    Args:
        statistic: of rows (n, ...), for example a resolution; above zero.
        reference, generated: rows, one per shower.
        seed: of resamplings and halves.

    Raises:
        UsageError: an empty sample, or a reference whose statistic is not above zero.

    >>> rows = np.arange(1.0, 9.0)
    >>> compare_statistics(lambda sample: float(sample.std()), rows, 2 * rows).value
    2.0
    """
    _require_showers(len(reference), len(generated))
    usual, found = statistic(reference), statistic(generated)
    if not usual > 0:
        message = f"the reference has {usual:g}, expected > 0"
        raise UsageError(message, hint="are all its showers equal, or empty?")
    if min(len(reference), len(generated)) < FEW:
        return Estimate(found / usual, None, None)
    random = np.random.default_rng(seed)
    ratios = [
        _ratio(statistic, _drawn(reference, random), _drawn(generated, random))
        for _ in range(RESAMPLINGS)
    ]
    halves = []
    for _ in range(SPLITS):
        first, second = random_halves(len(reference), random)
        halves.append(abs(_ratio(statistic, reference[first], reference[second]) - 1))
    told = [np.array(one)[np.isfinite(one)] for one in (ratios, halves)]
    if any(len(one) < FEW for one in told):  # a spread that is none but for rounding
        return Estimate(found / usual, None, None)
    floor = float(told[1].mean()) * math.sqrt(size_ratio(len(reference), len(generated)))
    return Estimate(found / usual, float(told[0].std(ddof=1)), floor)


def _ratio(statistic: Callable[[Float64], float], usual: Float64, found: Float64) -> float:
    below = statistic(usual)
    return statistic(found) / below if below > 0 else math.nan


def _drawn(rows: Float64, random: np.random.Generator) -> Float64:
    return rows[random.integers(len(rows), size=len(rows))]


def _some(rows: Float64, random: np.random.Generator) -> Float64:
    """Return the sample, or as many of its showers as are resampled."""
    if len(rows) <= MOST_RESAMPLED:
        return rows
    return rows[random.choice(len(rows), MOST_RESAMPLED, replace=False)]


def _require_showers(n_reference: int, n_generated: int) -> None:
    if min(n_reference, n_generated) == 0:
        message = f"nothing to compare: {n_reference} reference and {n_generated} generated showers"
        raise UsageError(message)


def _distance(one: Float64, other: Float64) -> float:
    return float(np.abs(_normalised(one) - _normalised(other)).sum())


def _normalised(profile: Float64) -> Float64:
    total = profile.sum()
    return profile / total if total > 0 else np.zeros_like(profile)


def _resampled(profiles: Float64, random: np.random.Generator) -> Float64:
    """Return the summed profile of as many showers drawn with replacement."""
    n = len(profiles)
    return np.bincount(random.integers(n, size=n), minlength=n) @ profiles


def _halves_distance(profiles: Float64, random: np.random.Generator) -> float:
    first, second = random_halves(len(profiles), random)
    return _distance(profiles[first].sum(axis=0), profiles[second].sum(axis=0))
