"""Random halves of a sample: how much two samples of one law differ, seen in the reference alone."""

from __future__ import annotations

import functools

import numpy as np

from caloexport.runtime.arrays import Integers

SPLITS = 50


def random_halves(n: int, random: np.random.Generator) -> tuple[Integers, Integers]:
    """Draw two disjoint halves of n showers; an odd one is left out.

    >>> first, second = random_halves(5, np.random.default_rng(0))
    >>> len(first), len(second), len(set(first) & set(second))
    (2, 2, 0)
    """
    order = random.permutation(n)
    middle = n // 2
    return order[:middle], order[middle : 2 * middle]


@functools.lru_cache(maxsize=16)  # dozens of observables share the number of showers
def fixed_halves(n: int) -> tuple[Integers, Integers]:
    """Return always the same random halves, (splits, n // 2) each.

    >>> fixed_halves(6)[0].shape
    (50, 3)
    """
    random = np.random.default_rng(0)
    pairs = [random_halves(n, random) for _ in range(SPLITS)]
    first, second = (np.stack(side) for side in zip(*pairs, strict=True))
    for side in (first, second):
        side.setflags(write=False)  # they are shared
    return first, second


def size_ratio(n_reference: int, n_generated: int) -> float:
    """Return the variance of a difference of two samples over that of two halves of the first.

    >>> size_ratio(100, 100)
    0.5
    """
    return (1 / n_reference + 1 / n_generated) / (4 / n_reference)
