"""The latents follow their law: moments, shape with its tails, and independence.

Seeds are fixed, so each test gives the same answer always; the limits are five standard deviations of
what the statistic does by chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from caloexport.runtime.noise import NoiseLaw
from tests.networks import decoder

FEW = 1_000_000
MANY = 100_000_000
SIZES = [FEW, pytest.param(MANY, marks=pytest.mark.slow)]
#: latents of a shower: whole steps of sixteen lanes, and a rest
LATENTS = 250
BLOCK = 4000
SIGMAS = 5.0


def blocks(law: NoiseLaw, n: int, seed: int = 11) -> Iterator[np.ndarray]:
    """Draw n numbers in arrays (showers, latents) of float64."""
    executor = decoder().executor
    for first in range(0, n // law.size, BLOCK):
        drawn = executor.draw(law, min(BLOCK, n // law.size - first), seed, first)  # type: ignore[attr-defined]
        yield drawn.astype(np.float64)


def chi_square_is_ordinary(found: np.ndarray, expected: np.ndarray) -> bool:
    """Compare counts, neighbours joined until at least 25 are expected in each bin."""
    groups = np.floor(np.cumsum(expected) / 25).astype(int)
    groups = np.unique(groups, return_inverse=True)[1]
    observed, mean = np.bincount(groups, found), np.bincount(groups, expected)
    keep = mean > 5  # the last group may be incomplete
    chi_square = ((observed - mean)[keep] ** 2 / mean[keep]).sum()
    freedom = int(keep.sum()) - 1
    return abs(chi_square - freedom) < SIGMAS * math.sqrt(2 * freedom)


def normal_below(x: np.ndarray) -> np.ndarray:
    """Return the probability of a standard normal below x; exact far out on the negative side."""
    return np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in x])


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("law", [NoiseLaw(LATENTS), NoiseLaw(LATENTS, "normal", 0.5, 0.5)])
def test_normal(law: NoiseLaw, n: int) -> None:
    edges = np.linspace(-7, 7, 1401)
    counts = np.zeros(len(edges) - 1)
    powers = np.zeros(5)
    for x in blocks(law, n):
        x = ((x - law.a) / law.b).ravel()
        square = x * x
        powers += [x.size, x.sum(), square.sum(), (square * x).sum(), (square * square).sum()]
        counts += np.bincount(((x + 7) * 100).astype(np.int64), minlength=len(counts))
    assert powers[0] == counts.sum() == n
    moments = powers[1:] / n
    for k, (expected, variance) in enumerate([(0, 1), (1, 2), (0, 15), (3, 96)]):
        assert abs(moments[k] - expected) < SIGMAS * math.sqrt(variance / n), k + 1
    half = normal_below(edges[:701])  # by symmetry, so that both tails keep their digits
    share = np.concatenate([np.diff(half), np.diff(half)[::-1]])
    assert chi_square_is_ordinary(counts, share * n)
    for least in (4.0, 4.5, 5.0):
        both = counts[edges[:-1] >= least - 1e-9].sum() + counts[edges[1:] <= 1e-9 - least].sum()
        expected = 2 * n * normal_below(np.array([-least]))[0]
        assert abs(both - expected) < SIGMAS * math.sqrt(expected) + 1, least


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("law", [NoiseLaw(LATENTS, "uniform", -1.0, 1.0)])
def test_uniform(law: NoiseLaw, n: int) -> None:
    bins, pairs = np.zeros(4096), np.zeros(64 * 64)
    powers = np.zeros(4)
    for x in blocks(law, n):
        powers += [(x**k).sum() for k in (1, 2, 3, 4)]
        cell = np.minimum((x + 1) * 2048, 4095).astype(np.int64)
        bins += np.bincount(cell.ravel(), minlength=4096)
        coarse = cell >> 6
        pairs += np.bincount((coarse[:, 0::2] * 64 + coarse[:, 1::2]).ravel(), minlength=4096)
    for k in (1, 2, 3, 4):
        expected = 0.0 if k % 2 else 1 / (k + 1)
        deviation = math.sqrt((1 / (2 * k + 1) - expected**2) / n)
        assert abs(powers[k - 1] / n - expected) < SIGMAS * deviation, k
    assert chi_square_is_ordinary(bins, np.full(4096, n / 4096))
    assert chi_square_is_ordinary(pairs, np.full(4096, n / 2 / 4096))


def products(pick: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], n: int) -> None:
    """Check that what ``pick`` pairs is not correlated, in value nor in size."""
    sums, count = np.zeros(2), 0
    for x in blocks(NoiseLaw(LATENTS), n):
        left, right = pick(x)
        sums += [(left * right).sum(), ((left**2 - 1) * (right**2 - 1)).sum()]
        count += left.size
    assert abs(sums[0]) < SIGMAS * math.sqrt(count)
    assert abs(sums[1]) < SIGMAS * math.sqrt(4 * count)  # variance of x² - 1 is 2


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("lag", [1, 2, 3, 4, 64])
def test_neighbouring_latents_are_independent(n: int, lag: int) -> None:
    if n == MANY and lag not in (1, 2):
        n //= 10
    products(lambda x: (x[:, :-lag], x[:, lag:]), n)


@pytest.mark.parametrize("n", SIZES)
def test_neighbouring_showers_are_independent(n: int) -> None:
    products(lambda x: (x[:-1], x[1:]), n)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("other", [12, 11 + 2**32])
def test_seeds_are_independent(n: int, other: int) -> None:
    n //= 10
    law = NoiseLaw(LATENTS)
    sums = np.zeros(2)
    for x, y in zip(blocks(law, n, 11), blocks(law, n, other), strict=True):
        sums += [(x * y).sum(), ((x**2 - 1) * (y**2 - 1)).sum()]
    assert abs(sums[0]) < SIGMAS * math.sqrt(n)
    assert abs(sums[1]) < SIGMAS * math.sqrt(4 * n)
