from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64
from caloexport.simulation.kernels.counter_random import (
    STEP,
    gamma,
    mixed,
    poisson,
    two_normals,
    two_uniforms,
    uniform,
)

SEED = np.uint64(1234567)
DRAWS = 20_000


def test_known_numbers_of_splitmix64() -> None:
    """The first numbers of seed 1234567, as published with the algorithm on Rosetta Code."""
    with np.errstate(over="ignore"):
        counters = [SEED + np.uint64(i) * STEP for i in (1, 2, 3)]
    assert [int(mixed(counter)) for counter in counters] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def drawn(law: Any, *parameters: float) -> Float64:
    """Return draws (DRAWS, values of one); numba hands counters back as plain integers."""
    counter, found = SEED, []
    for _ in range(DRAWS):
        following, *values = law(counter, *parameters)
        counter = np.uint64(following)
        found.append(values)
    return np.array(found, dtype=np.float64)


@pytest.mark.parametrize("law", [uniform, two_uniforms])
def test_uniforms_are_uniform(law: Any) -> None:
    values = drawn(law)
    assert 0 < values.min() < values.max() < 1
    assert values.mean() == pytest.approx(0.5, abs=4 / math.sqrt(12 * values.size))
    assert values.var() == pytest.approx(1 / 12, rel=0.03)
    assert abs(np.corrcoef(values[1:, -1], values[:-1, 0])[0, 1]) < 4 / math.sqrt(DRAWS)


def test_the_two_of_a_pair_are_independent() -> None:
    assert abs(np.corrcoef(drawn(two_uniforms).T)[0, 1]) < 4 / math.sqrt(DRAWS)


def test_normals() -> None:
    values = drawn(two_normals)
    assert values.mean(axis=0) == pytest.approx([0, 0], abs=4 / math.sqrt(DRAWS))
    assert np.cov(values.T) == pytest.approx(np.eye(2), abs=0.05)


@pytest.mark.parametrize("mean", [0.3, 5.0, 200.0])
def test_poisson(mean: float) -> None:
    values = drawn(poisson, mean)
    assert values.mean() == pytest.approx(mean, abs=4 * math.sqrt(mean / DRAWS))
    assert values.var() == pytest.approx(mean, rel=0.06)


@pytest.mark.parametrize("shape", [0.4, 1.0, 12.0])
def test_gamma(shape: float) -> None:
    values = drawn(gamma, shape)
    assert values.mean() == pytest.approx(shape, abs=4 * math.sqrt(shape / DRAWS))
    assert values.var() == pytest.approx(shape, rel=0.08)
