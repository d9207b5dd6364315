from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import weights_hash
from caloexport.runtime.product import PIECE, product
from caloexport.runtime.reference import evaluate

N_IN, N_OUT = 100, 20_000
KERNEL = np.random.default_rng(3).normal(size=(N_IN, N_OUT)).astype(np.float32)


@pytest.mark.parametrize("shape", [(N_IN,), (1, N_IN), (3, N_IN), (2, 3, N_IN)])
def test_a_product_by_pieces_is_the_product(shape: tuple[int, ...]) -> None:
    assert KERNEL.size > 2 * PIECE
    x = np.random.default_rng(4).normal(size=shape)
    found = product(x, KERNEL)
    assert found.dtype == np.float64 and found.shape == (*shape[:-1], N_OUT)
    np.testing.assert_allclose(found, x @ KERNEL.astype(np.float64), rtol=1e-12, atol=1e-12)


def test_it_is_in_the_dtype_of_the_vector() -> None:
    assert product(np.ones(2, np.float32), np.ones((2, 3))).dtype == np.float32
    assert product(np.ones((0, 2)), np.ones((2, 3), np.float32)).shape == (0, 3)
    assert product(np.ones((4, 0)), np.ones((0, 3), np.float32)).tolist() == [[0.0] * 3] * 4


def test_evaluating_and_hashing_copy_no_large_kernel() -> None:
    bias = np.zeros(N_OUT, np.float32)
    turned = np.asfortranarray(KERNEL.astype(np.float64))  # as LWTNN's files hold it
    for kernel in (KERNEL, turned):
        node = Node("y", "dense", ("x",), {}, {"kernel": kernel, "bias": bias})
        network = Network({"x": (N_IN,)}, [node], ["y"])
        tracemalloc.start()
        try:
            evaluate(network, {"x": np.ones((1, N_IN))})
            weights_hash(network)
            network.require_finite("here")
            assert tracemalloc.get_traced_memory()[1] < KERNEL.nbytes
        finally:
            tracemalloc.stop()


def test_the_order_of_weights_in_memory_does_not_change_their_hash() -> None:
    bias = np.zeros(N_OUT, np.float32)
    hashes = set()
    for kernel in (KERNEL, np.asfortranarray(KERNEL), KERNEL.astype(np.float64)):
        node = Node("y", "dense", ("x",), {}, {"kernel": kernel, "bias": bias})
        hashes.add(weights_hash(Network({"x": (N_IN,)}, [node], ["y"])))
    assert len(hashes) == 1
