"""KPD, kernel physics distance: how far apart two samples are for a polynomial kernel of degree 4.

The squared maximum mean discrepancy, without bias, of 10 000 showers drawn with replacement from
either sample, for the kernel (x·y/d + 1)⁴ of d features: the median over 10 draws. Its error is half
of the range that holds the central 67.45 % of them. Alike samples have 0, and values below are
noise. Features are divided by the largest |value| of the reference.

Fewer showers than 50 000 have draws of a fifth of them.

Source: arXiv:2211.10295; jet-net/JetNet, jetnet/evaluation/gen_metrics.py (kpd without threads:
with threads it draws otherwise); CaloChallenge, code/evaluate.py (batch_size=10000).
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float64
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

DRAWS = 10
FLOOR_DRAWS = 5
#: draws below hold too few showers for their spread to mean anything
FEWEST = 10
#: edge of the squares in which the kernel matrix is computed, which fit into the cache
EDGE = 512


def kpd(
    reference: Float64,
    generated: Float64,
    *,
    batch_size: int = PUBLISHED_SHOWERS // SHARE,
    draws: int = DRAWS,
    seed: int = SEED,
) -> tuple[float, float]:
    """Return KPD and its error.

    Args:
        reference, generated: features (n, d) and (m, d).
        batch_size: showers of either sample in a draw.
        draws: how many.
        seed: of the first draw; the others count up from it by 1000.
    """
    usual, found = normalised(reference, generated)

    def draw(number: int) -> float:
        random = np.random.default_rng(seed + 1000 * number)
        first = random.choice(len(usual), size=batch_size)
        second = random.choice(len(found), size=batch_size)
        return discrepancy(usual[first], found[second])

    return _middle(side_by_side(draw, range(draws)))


def kpd_floor(
    reference: Float64, batch_size: int, *, draws: int = FLOOR_DRAWS, seed: int = SEED
) -> tuple[float, float]:
    """Return KPD between halves of the reference and its error; each draw has halves of its own."""
    usual, _ = normalised(reference, reference[:1])
    random = np.random.default_rng((seed, 1))
    drawn = [
        [random.choice(half, size=batch_size) for half in random_halves(len(usual), random)]
        for _ in range(draws)
    ]
    return _middle(side_by_side(lambda both: discrepancy(usual[both[0]], usual[both[1]]), drawn))


def discrepancy(one: Float64, other: Float64) -> float:
    """Return the squared maximum mean discrepancy of rows (m, d) and (n, d), without bias.

    >>> discrepancy(np.zeros((3, 2)), np.ones((3, 2)))
    15.0
    """
    one, other = _one_more(one), _one_more(other)
    width = one.shape[1]
    fewest = min(len(one), len(other))
    moments = (width * (width + 1) // 2) ** 2 <= width * fewest  # which takes less work
    sums = _sums_by_moments if moments else _sums_by_pairs
    first, across, second = sums(one, other)
    within = sum(
        (total - float((np.square(rows).sum(axis=1) ** 4).sum())) / (len(rows) * (len(rows) - 1))
        for total, rows in ((first, one), (second, other))
    )
    return within - 2 * across / (len(one) * len(other))


def _one_more(rows: Float64) -> Float64:
    """Return rows (n, d + 1) whose products are x·y/d + 1."""
    return np.concatenate([rows / math.sqrt(rows.shape[1]), np.ones((len(rows), 1))], axis=1)


def _sums_by_moments(one: Float64, other: Float64) -> tuple[float, float, float]:
    """Return Σ (x·y)⁴ over all pairs within either sample and across, of few numbers each.

    (x·y)² is a product of the rows' products of two, so that the sum over pairs is one of squares
    of these: Σ (x·y)⁴ = ⟨Σ xxxx, Σ yyyy⟩.
    """
    i, j = np.triu_indices(one.shape[1])
    twice = np.where(i == j, 1.0, math.sqrt(2.0))
    moments = []
    for rows in (one, other):
        squares = np.zeros((len(i), len(i)))
        for start in range(0, len(rows), EDGE):
            block = rows[start : start + EDGE]
            products = block[:, i] * block[:, j] * twice
            squares += products.T @ products
        moments.append(squares)
    first, second = moments
    return (
        float(np.vdot(first, first)),
        float(np.vdot(first, second)),
        float(np.vdot(second, second)),
    )


def _sums_by_pairs(one: Float64, other: Float64) -> tuple[float, float, float]:
    """Return the same, square by square of the kernel matrix; it is symmetric within a sample."""
    return _within(one), _across(one, other), _within(other)


def _within(rows: Float64) -> float:
    total = 0.0
    for start in range(0, len(rows), EDGE):
        block, later = rows[start : start + EDGE], rows[start + EDGE :]
        total += _across(block, block) + 2 * _across(block, later)
    return total


def _across(one: Float64, other: Float64) -> float:
    total = 0.0
    for i in range(0, len(one), EDGE):
        for j in range(0, len(other), EDGE):
            products = one[i : i + EDGE] @ other[j : j + EDGE].T
            products *= products
            total += float(np.vdot(products, products))
    return total


def _middle(values: list[float]) -> tuple[float, float]:
    low, high = np.percentile(values, (16.275, 83.725))
    return float(np.median(values)), float(high - low) / 2


def _draw(reference: Float64, generated: Float64, most: int, seed: int) -> Drawn:
    size = most // SHARE
    found = kpd(reference, generated, batch_size=size, seed=seed)
    floor, floor_error = kpd_floor(reference, size, seed=seed)
    ratio = size_ratio(len(reference), len(generated))
    return Drawn(*found, floor * ratio, floor_error, (size,))


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Tell = silence
) -> list[DistanceResult]:
    """Return KPD beside its floor."""
    needed = SHARE * FEWEST
    return drawn_distance("kpd", reference, generated, seed, needed=needed, draw=_draw)


distances.register("kpd")(Distance("kernel physics distance", "features", compute))
