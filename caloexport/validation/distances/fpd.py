"""FPD, Fréchet physics distance: of the Gaussians through both samples, for infinitely many showers.

With means μ and covariances Σ (n - 1) of N showers drawn with replacement from either sample

    d = |μ1 - μ2|² + Tr(Σ1 + Σ2 - 2 (Σ1 Σ2)^½)

is averaged over 20 draws for each of 10 sizes N, equally spaced in 1/N, and fitted by a line in
1/N with slope and intercept ≥ 0. FPD is the intercept; the error is that of the fit. Features are
divided by the largest |value| of the reference.

The fit is scipy's from its default start, as in jetnet. It ends before its least squares are
reached: between a sample and itself it finds 1e-4 where a line through the points has 0. Published
values have that in them, and so has the floor.

The CaloChallenge has N from 10 000 to 50 000. Fewer showers than 50 000 have N from a fifth of
them to all of them, and must be ten for each feature.

The trace of the root is the sum of the singular values of A1ᵀ A2 for Σ = A Aᵀ, to which numbers of
no size add nothing (the root of Σ1 Σ2 itself adds noise).

Source: arXiv:2211.10295; jet-net/JetNet, jetnet/evaluation/gen_metrics.py (fpd), whose draws
these are; CaloChallenge, code/evaluate.py (min_samples=10000).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.extras import require
from caloexport.validation.distances import (
    SEED,
    Distance,
    DistanceResult,
    Tell,
    distances,
    silence,
)
from caloexport.validation.drawn_distance import (
    PUBLISHED_SHOWERS,
    SHARE,
    Drawn,
    drawn_distance,
)
from caloexport.validation.halves import random_halves, size_ratio
from caloexport.validation.normalised import normalised
from caloexport.validation.rows import Rows
from caloexport.validation.side_by_side import side_by_side

#: what fits, and the extra that installs it
SCIPY = ("scipy.optimize", "distances")
POINTS = 10
DRAWS = 20
FLOOR_DRAWS = 5
#: showers in the smallest draw for each feature, below which distances are no line in 1/N
PER_FEATURE = 2

#: rows that are multiplied at once
ROWS = 1024

#: number of showers -> which rows of both samples are drawn
Draw = Callable[[int], tuple[Integers, Integers]]


@dataclass(frozen=True)
class Moments:
    """Mean (d,) of rows, and a root of their covariance: (d, d), Σ = root rootᵀ."""

    mean: Float64
    root: Float64


def fpd(
    reference: Float64,
    generated: Float64,
    *,
    min_samples: int = PUBLISHED_SHOWERS // SHARE,
    max_samples: int = PUBLISHED_SHOWERS,
    draws: int = DRAWS,
    points: int = POINTS,
    seed: int = SEED,
) -> tuple[float, float]:
    """Return FPD and its error.

    Args:
        reference, generated: features (n, d) and (m, d).
        min_samples, max_samples: smallest and largest N.
        draws: for each of ``points`` sizes.
        seed: of the draws.

    Raises:
        MissingDependency: without scipy.
    """
    require(SCIPY[0], extra=SCIPY[1])  # asked for now, not after minutes of work
    usual, found = _centred(*normalised(reference, generated))
    random = np.random.default_rng(seed)

    def draw(size: int) -> tuple[Integers, Integers]:
        return random.choice(len(usual), size=size), random.choice(len(found), size=size)

    sizes = sample_sizes(min_samples, max_samples, points)
    return intercept(1 / sizes, _means(usual, found, draw, sizes, draws))


def fpd_floor(
    reference: Float64,
    sizes: Integers,
    ratio: float,
    *,
    draws: int = FLOOR_DRAWS,
    seed: int = SEED,
) -> tuple[float, float]:
    """Return FPD, with its error, of two samples of the reference's law.

    Each draw has random halves of the reference of its own. The part that comes of their being
    finite goes as 1/n + 1/m, and is brought to the samples' sizes before the fit.

    Args:
        reference: features (n, d).
        sizes: N of the draws.
        ratio: of 1/n + 1/m for the samples to that for the halves.
        draws: for each size.
        seed: of halves and draws.
    """
    usual, _ = _centred(*normalised(reference, reference[:1]))
    random = np.random.default_rng((seed, 1))

    def draw(size: int) -> tuple[Integers, Integers]:
        first, second = random_halves(len(usual), random)
        return random.choice(first, size=size), random.choice(second, size=size)

    x, y = 1 / sizes, _means(usual, usual, draw, sizes, draws)
    finite = max(float(np.polynomial.polynomial.polyfit(x, y, 1)[0]), 0.0)
    return intercept(x, y - (1 - ratio) * finite)


def showers_needed(features: int) -> int:
    """Return how many showers of both samples so many features take.

    >>> showers_needed(362)
    3620
    """
    return SHARE * PER_FEATURE * features


def sample_sizes(least: int, most: int, points: int = POINTS) -> Integers:
    """Return the sizes N, equally spaced in 1/N.

    >>> sample_sizes(10_000, 50_000)[[0, 1, -2, -1]].tolist()
    [10000, 10975, 34615, 49999]
    """
    return (1 / np.linspace(1.0 / least, 1.0 / most, points)).astype(np.int64)


def moments(rows: Float64, drawn: Integers) -> Moments:
    """Return mean and covariance root of drawn rows, each of which may be drawn repeatedly.

    Args:
        rows: (n, d), whose means are not far from 0 in units of their spread.
        drawn: (N,) numbers of rows.
    """
    counts = np.bincount(drawn, minlength=len(rows))
    kept = np.flatnonzero(counts)
    total, squares = np.zeros(rows.shape[1]), np.zeros((rows.shape[1],) * 2)
    for start in range(0, len(kept), ROWS):  # what is worked on stays in the cache
        chosen = kept[start : start + ROWS]
        weights = np.sqrt(counts[chosen])
        block = rows[chosen]
        block *= weights[:, None]
        total += weights @ block
        squares += block.T @ block
    mean = total / len(drawn)
    squares -= len(drawn) * np.outer(mean, mean)
    return Moments(mean, _root(squares / (len(drawn) - 1)))


def _root(covariance: Float64) -> Float64:
    try:
        return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
    except (
        np.linalg.LinAlgError
    ):  # numbers that do not vary, or follow from others: ten times the time
        values, vectors = np.linalg.eigh(covariance)
        return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


def frechet(one: Moments, other: Moments) -> float:
    """Return the squared Fréchet distance of two Gaussians.

    >>> narrow, wide = (Moments(np.zeros(1), np.array([[width]])) for width in (1.0, 3.0))
    >>> frechet(narrow, wide)
    4.0
    """
    traces = np.square(one.root).sum() + np.square(other.root).sum()
    shared = np.linalg.svd(one.root.T @ other.root, compute_uv=False).sum()
    return float(np.square(one.mean - other.mean).sum() + traces - 2 * shared)


def intercept(x: Float64, y: Float64) -> tuple[float, float]:
    """Fit y = intercept + slope x, both ≥ 0, and return the intercept with its error.

    Raises:
        MissingDependency: without scipy.
    """
    optimize = require(SCIPY[0], extra=SCIPY[1])
    found, covariance = optimize.curve_fit(
        lambda at, value, slope: value + slope * at, x, y, bounds=([0, 0], [np.inf, np.inf])
    )
    return float(found[0]), math.sqrt(covariance[0, 0])


def _centred(usual: Float64, found: Float64) -> tuple[Float64, Float64]:
    """Move both, in place, to where the reference has its mean at 0, which no distance sees."""
    middle = usual.mean(axis=0)
    usual -= middle
    found -= middle
    return usual, found


def _means(usual: Float64, found: Float64, draw: Draw, sizes: Integers, draws: int) -> Float64:
    """Return the mean distance of the draws of each size."""

    def distance(drawn: tuple[Integers, Integers]) -> float:
        return frechet(moments(usual, drawn[0]), moments(found, drawn[1]))

    return np.array(
        [
            np.mean(side_by_side(distance, [draw(size) for _ in range(draws)]))
            for size in sizes.tolist()
        ]
    )


def _draw(reference: Float64, generated: Float64, most: int, seed: int) -> Drawn:
    smallest = most // SHARE
    sizes = sample_sizes(smallest, most)
    found = fpd(reference, generated, min_samples=smallest, max_samples=most, seed=seed)
    ratio = size_ratio(len(reference), len(generated))
    floor = fpd_floor(reference, sizes, ratio, seed=seed)
    return Drawn(*found, *floor, tuple(sizes.tolist()))


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Tell = silence
) -> list[DistanceResult]:
    """Return FPD beside its floor."""
    needed = showers_needed(reference.width)
    return drawn_distance("fpd", reference, generated, seed, needed=needed, draw=_draw)


distances.register("fpd")(
    Distance("Fréchet physics distance", "features", compute, libraries=(SCIPY,))
)
