from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from caloexport.converters.rewrites import simplify
from caloexport.converters.rewrites.rounding import rounded, scaled
from caloexport.runtime.network import Network, Node
from tests.networks import dense

N_IN, N_OUT = 100, 20_000


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_scaled_kernel_is_rounded_once(dtype: type) -> None:
    rng = np.random.default_rng(5)
    kernel, factors = rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=(4, 1))
    expected = (kernel.astype(np.float64) * factors).astype(dtype)
    found = scaled(kernel, factors, dtype)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan, 1e39])
def test_what_overflows_is_left_undone(bad: float) -> None:
    kernel = np.array([[1.0, bad], [0.0, 1.0]])
    assert rounded(dense("y", "x", 2, 2), np.float64, kernel=kernel) is None
    overflowing = scaled(np.full((2, 2), 3e38, np.float32), np.full(2, 10.0), np.float32)
    assert rounded(dense("y", "x", 2, 2), np.float32, kernel=overflowing) is None


def test_simplifying_makes_one_new_kernel_and_no_more() -> None:
    rng = np.random.default_rng(6)
    weights = {"kernel": rng.normal(size=(N_IN, N_OUT)).astype("f4"), "bias": np.zeros(N_OUT, "f4")}
    scale = {"scale": rng.normal(size=N_IN), "offset": rng.normal(size=N_IN)}
    nodes = [
        Node("n", "normalization", ("x",), {}, scale),
        Node("y", "dense", ("n",), {}, weights),
    ]
    network = Network({"x": (N_IN,)}, nodes, ["y"])
    simplify(network)  # so that no import is counted
    tracemalloc.start()
    try:
        simplified = simplify(network)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [node.kind for node in simplified.nodes] == ["dense"]
    assert peak < 1.6 * weights["kernel"].nbytes
