"""Weights in the order of a bound."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.kernels.plan_skipping import aligned, reordered
from caloexport.runtime.packing import pack_kernel, unpack_kernel


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("n_out", [1, 64, 130, 1000])
def test_a_packed_kernel_is_reordered_like_its_matrix(precision: str, n_out: int) -> None:
    rng = np.random.default_rng(n_out)
    kernel = rng.integers(-127, 128, (21, n_out)).astype("f4")
    scale = np.ones(n_out, "f4") if precision == "int8" else None
    order = rng.permutation(n_out)
    packed = reordered(pack_kernel(kernel, precision, scale), order)
    found = unpack_kernel(packed, (21, n_out), precision, scale)
    np.testing.assert_array_equal(found, kernel[:, order])


@pytest.mark.parametrize("size", [1, 17, 1000])
def test_copies_begin_at_cache_lines(size: int) -> None:
    array = np.arange(size, dtype=np.float32)
    copy = aligned(array)
    assert copy.ctypes.data % 64 == 0
    np.testing.assert_array_equal(copy, array)
