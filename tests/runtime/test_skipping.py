"""The bound of a layer holds, whatever the layer, the sample and the inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.packing import TILE
from caloexport.runtime.skipping import FUNCTIONS, MARGIN, ROWS, Bound, limit_of, make_bound


def layer(seed: int, n_in: int, n_out: int, spread: float) -> tuple[Float32, Float32]:
    """Return kernel and bias; a large spread makes magnitudes that differ by many decades."""
    rng = np.random.default_rng(seed)
    kernel = rng.standard_normal((n_in, n_out)) * np.exp(spread * rng.standard_normal((n_in, 1)))
    return kernel.astype("f4"), (5 * rng.standard_normal(n_out) - 5).astype("f4")


def largest_of_tiles(sums: Array, order: Array) -> Array:
    """Return (n, tiles) the largest sum of every tile."""
    padded = np.full((len(sums), -(-len(order) // TILE) * TILE), -np.inf)
    padded[:, : len(order)] = sums[:, order]
    return np.asarray(padded.reshape(len(sums), -1, TILE).max(axis=2))


@given(
    seed=st.integers(0, 10**6),
    n_in=st.sampled_from([1, 2, 7, 30, 31, 64, 100]),
    n_out=st.sampled_from([1, 63, 64, 65, 200, 700]),
    spread=st.sampled_from([0.0, 1.0, 4.0]),
    far=st.sampled_from([0.0, 1.0, 100.0, 1e4]),
    sample=st.sampled_from([1, 2, 300]),
)
@settings(max_examples=80, deadline=None)
def test_no_output_of_a_skipped_tile_reaches_the_limit(
    seed: int, n_in: int, n_out: int, spread: float, far: float, sample: int
) -> None:
    kernel, bias = layer(seed, n_in, n_out, spread)
    rng = np.random.default_rng(seed + 1)
    typical = rng.standard_normal((sample, n_in)).astype("f4")
    # the bound may be made for a sample and meet something else altogether
    hidden = rng.standard_normal((5, n_in)) * (1 + far) + far * rng.standard_normal(n_in)
    hidden = hidden.astype("f4")
    order = rng.permutation(n_out)
    bound = make_bound(kernel, bias, typical, order)
    largest = largest_of_tiles(hidden.astype("f8") @ kernel.astype("f8") + bias, order)
    for limit in (largest.max(), largest.min(), float(np.median(largest)), 0.0, -20.0):
        survives = bound.survivors(hidden, np.full(5, limit))
        assert not ((largest >= limit) & ~survives).any()


@given(seed=st.integers(0, 10**6), n_in=st.sampled_from([3, 40, 100]), order=st.randoms())
@settings(max_examples=30, deadline=None)
def test_sums_in_float32_are_bounded_in_any_order(seed: int, n_in: int, order: object) -> None:
    kernel, bias = layer(seed, n_in, 64, 1.0)
    rng = np.random.default_rng(seed)
    hidden = (30 * rng.standard_normal(n_in)).astype("f4")
    bound = make_bound(kernel, bias, rng.standard_normal((50, n_in)).astype("f4"), np.arange(64))
    sums = bias.copy()
    for k in rng.permutation(n_in):
        sums = sums + kernel[k] * hidden[k]  # rounded twice, once more than a fused product
    assert sums.dtype == np.float32
    exact = hidden.astype("f8") @ kernel.astype("f8") + bias
    allowed = bound.slack + bound.slack_per_input * float(np.abs(hidden).max())
    assert np.abs(sums - exact).max() <= allowed
    assert bound.survivors(hidden[None], np.array([float(sums.max())])).all()


def test_a_bound_of_a_layer_that_varies_along_few_directions_skips() -> None:
    rng = np.random.default_rng(3)
    few = rng.standard_normal((6, 100))
    hidden = (rng.standard_normal((200, 6)) @ few).astype("f4")
    kernel = (0.1 * rng.standard_normal((100, 640))).astype("f4")
    bias = np.repeat(np.linspace(-40, 0, 10), 64).astype("f4")
    bound = make_bound(kernel, bias, hidden, np.arange(640))
    largest = largest_of_tiles(hidden.astype("f8") @ kernel.astype("f8") + bias, np.arange(640))
    survives = bound.survivors(hidden, np.full(200, -5.0))
    needed = largest >= -5.0
    assert not (needed & ~survives).any()
    assert needed.mean() < 0.5
    assert survives.mean() < needed.mean() + 0.05


def test_rounded_inputs_are_paid_for() -> None:
    kernel, bias = layer(1, 40, 64, 0.0)
    sample = np.random.default_rng(1).standard_normal((50, 40)).astype("f4")
    exact = make_bound(kernel, bias, sample, np.arange(64))
    rounded = make_bound(kernel, bias, sample, np.arange(64), 2.0**-7)
    more = float(np.abs(kernel).sum(axis=0).max()) * 2.0**-7
    assert math.isclose(rounded.slack_per_input - exact.slack_per_input, more, rel_tol=1e-6)


@pytest.mark.parametrize("limit", [math.inf, -math.inf, 1e300, -1e300])
def test_limits_out_of_reach_skip_everything_or_nothing(limit: float) -> None:
    kernel, bias = layer(2, 40, 130, 1.0)
    hidden = np.random.default_rng(2).standard_normal((4, 40)).astype("f4")
    bound = make_bound(kernel, bias, hidden, np.arange(130))
    assert bound.survivors(hidden, np.full(4, limit)).all() == (limit < 0)
    assert bound.survivors(hidden, np.full(4, limit)).any() == (limit < 0)


def test_a_bound_is_32_bytes_for_an_output_and_padding_never_rises() -> None:
    kernel, bias = layer(5, 40, 65, 0.0)
    hidden = np.random.default_rng(5).standard_normal((1, 40)).astype("f4")
    bound: Bound = make_bound(kernel, bias, hidden, np.arange(65))
    assert bound.codes.nbytes == 2 * TILE * ROWS
    rows = bound.codes.transpose(0, 2, 1, 3).reshape(-1, ROWS)
    assert (rows[65:] == [128] * 30 + [0, 0]).all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_below_its_limit_a_cell_is_below_the_threshold(function: str) -> None:
    limit = limit_of(function, 50_000.0, 0.1)
    x = np.float64(limit)
    value = 1 / (1 + math.exp(-x)) if function == "sigmoid" else x
    assert value * 50_000.0 * (1 + MARGIN / 2) < 0.1
    assert value * 50_000.0 > 0.1 * (1 - 2 * MARGIN)


def test_a_sigmoid_never_reaches_a_threshold_above_the_energy() -> None:
    assert limit_of("sigmoid", 100.0, 101.0) == math.inf
    assert limit_of("relu", 100.0, 101.0) > 1
