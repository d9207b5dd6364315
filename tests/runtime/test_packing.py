from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import (
    TILE,
    pack,
    pack_kernel,
    packed_shape,
    unpack,
    unpack_kernel,
    weights_hash,
)
from tests.every_layer import layer_cases
from tests.networks import dense

CASES = dict(layer_cases())


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 200))
def test_kernel_round_trip(n_in: int, n_out: int) -> None:
    kernel = np.arange(1, n_in * n_out + 1, dtype=np.float32).reshape(n_in, n_out)
    packed = pack_kernel(kernel)
    assert packed.shape == (-(-n_out // TILE), n_in, TILE)
    assert packed.flags.c_contiguous
    np.testing.assert_array_equal(unpack_kernel(packed, kernel.shape), kernel)
    # [tile][k][64], the rest zeros
    for tile in range(len(packed)):
        for k in range(n_in):
            for lane in range(TILE):
                out = tile * TILE + lane
                assert packed[tile, k, lane] == (kernel[k, out] if out < n_out else 0)


def test_vectors_are_padded_so_that_all_begin_at_a_cache_line() -> None:
    scale = np.arange(1.0, 4.0)
    nodes = [
        dense("d", "x", 2, 3),
        Node("n", "normalization", ("d",), {}, {"scale": scale, "offset": scale}),
    ]
    packed = pack(Network({"x": (2,)}, nodes, ["n"]))
    assert [key for key, _ in packed.items()] == [
        ("d", "kernel"),
        ("d", "bias"),
        ("n", "scale"),
        ("n", "offset"),
    ]
    assert [array.shape for array in packed.values()] == [(1, 2, 64), (64,), (16,), (16,)]
    assert all(array.nbytes % 64 == 0 for array in packed.values())
    np.testing.assert_array_equal(packed["n", "scale"], [1, 2, 3] + [0] * 13)


def test_hash_sees_every_weight_and_name_but_not_the_type() -> None:
    def network(name: str, change: float = 0.0, dtype: str = "float32") -> Network:
        node = dense(name, "x", 2, 3)
        bias = node.weights["bias"].astype(dtype)
        bias[2] += change
        return Network({"x": (2,)}, [node.with_weights(bias=bias)], [name])

    first = weights_hash(network("a"))
    assert weights_hash(network("a", dtype="float64")) == first
    assert len({first, weights_hash(network("b")), weights_hash(network("a", 1e-6))}) == 3


def test_only_large_kernels_are_reduced() -> None:
    small, large = dense("small", "x", 8, 64), dense("large", "small", 64, 256)
    levels = np.rint(large.weights["kernel"] * 100).clip(-127, 127).astype(np.float32)
    levels[0] = 127
    large = large.with_weights(kernel=levels)
    packed = pack(Network({"x": (8,)}, [small, large], ["large"]), "int8")
    assert {key: (a.dtype.str, a.shape) for key, a in packed.items()} == {
        ("small", "kernel"): ("<f4", (1, 8, 64)),
        ("small", "bias"): ("<f4", (64,)),
        ("large", "kernel"): ("|u1", (4, 16, 64, 4)),
        ("large", "kernel_scale"): ("<f4", (256,)),
        ("large", "bias"): ("<f4", (256,)),
    }
    assert all(array.nbytes % 64 == 0 for array in packed.values())


@pytest.mark.parametrize("case", CASES)
def test_every_weight_of_every_layer_comes_back(case: str) -> None:
    network = CASES[case]
    packed = pack(network)
    for node in network.nodes:
        for key, weight in node.weights.items():
            stored = packed[node.name, key]
            tiles = packed_shape(node.kind, key, weight.shape)
            assert stored.ndim == 1 if tiles is None else stored.shape == tiles
            found = unpack(node.kind, key, stored, weight.shape)
            np.testing.assert_array_equal(found, weight)
