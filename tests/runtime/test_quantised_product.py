"""The arithmetic of int8 products against whole numbers and float64."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.quantised_product import (
    LARGEST_LEVEL,
    quantised_product,
    rounded_activations,
)

SHAPES = [(1, 1), (3, 2), (1040, 3), (1041, 3), (70, 5000)]


def kernel(n_in: int, n_out: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    q = rng.integers(-127, 128, (n_in, n_out)).astype(np.int8)
    scale = rng.uniform(1e-3, 1e-2, n_out).astype(np.float32)
    return q, scale, rng.normal(size=n_out).astype(np.float32)


@pytest.mark.parametrize("bits", [16, 8])
@pytest.mark.parametrize("n_in, n_out", SHAPES)
def test_sums_are_those_of_whole_numbers(n_in, n_out, bits):
    rng = np.random.default_rng(n_in)
    q, scale, bias = kernel(n_in, n_out, rng)
    h = rng.normal(size=(4, n_in)).astype(np.float32)
    levels, step = rounded_activations(h, bits)
    sums = levels.astype(object) @ q.astype(object)  # whole numbers of any size
    total = sums.astype(np.float64).astype(np.float32)
    expected = total * (step * scale) + bias
    assert np.array_equal(quantised_product(h, q, scale, bias, bits), expected)


@pytest.mark.parametrize("bits, bound", [(16, 6e-5), (8, 1.5e-2)])
def test_results_are_close_to_the_float_product(bits, bound):
    rng = np.random.default_rng(5)
    q, scale, bias = kernel(300, 40, rng)
    h = rng.normal(size=(50, 300)).astype(np.float32)
    expected = h.astype(np.float64) @ (q * scale.astype(np.float64)) + bias
    error = quantised_product(h, q, scale, bias, bits) - expected
    assert np.sqrt(np.mean(error**2)) < bound * expected.std()
    assert np.sqrt(np.mean(error**2)) > bound / 10 * expected.std()  # it does round


@pytest.mark.parametrize("bits", [16, 8])
def test_levels_reach_the_largest_and_are_symmetric(bits):
    h = np.array([[3.0, -3.0, 1.5, 0.0], [1e-30, -5e-31, 0.0, 0.0]])
    levels, _ = rounded_activations(h, bits)
    most = LARGEST_LEVEL[bits]
    half = round(most / 2)  # ties to even, as the rounding of the levels
    assert levels.tolist() == [[most, -most, half, 0], [most, -half, 0, 0]]


@pytest.mark.parametrize("bits", [16, 8])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_bad_activation_makes_its_own_shower_nan(bad, bits):
    rng = np.random.default_rng(1)
    q, scale, bias = kernel(5, 3, rng)
    h = rng.normal(size=(2, 5))
    clean = quantised_product(h, q, scale, bias, bits)
    h[0, 2] = bad
    found = quantised_product(h, q, scale, bias, bits)
    assert np.isnan(found[0]).all()
    assert np.array_equal(found[1], clean[1])


@pytest.mark.parametrize("bits", [16, 8])
@pytest.mark.parametrize("size", [0.0, 1e-45, 1e-38, 1e-30, 1e30, 3e38])
def test_activations_of_any_size(size, bits):
    q, scale, bias = np.array([[127], [1]]), np.array([1e-3]), np.array([2.0])
    found = quantised_product(np.array([size, 0.0]), q, scale, bias, bits)
    assert found[0] == pytest.approx(size * 0.127 + 2.0, rel=1e-6)
