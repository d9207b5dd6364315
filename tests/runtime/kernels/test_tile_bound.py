"""The marks of tiles are those of the formula, to the last whole number."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from caloexport.runtime.kernels.tile_bound import mark_tiles
from caloexport.runtime.skipping import ROWS


@numba.njit
def mark(codes, inputs, tiles, limit, marks):  # type: ignore[no-untyped-def]
    mark_tiles(codes, inputs, tiles, limit, marks)


@pytest.mark.parametrize("largest", [1, 1000, 32767])
def test_marks_are_exact(largest: int) -> None:
    rng = np.random.default_rng(largest)
    codes = rng.integers(0, 256, (9, ROWS // 4, 64, 4), dtype=np.uint8)
    numbers = rng.integers(-largest, largest + 1, ROWS)
    words = numbers.reshape(-1, 2, 2).transpose(0, 2, 1).reshape(-1, 2)
    inputs = np.ascontiguousarray(words, dtype=np.int16)  # first and third, second and fourth
    sums = codes.transpose(0, 2, 1, 3).reshape(9, 64, ROWS).astype(np.int64) @ numbers
    for limit in np.sort(sums.max(axis=1)):
        for step in (0, 1):
            marks = np.full(9, 7, dtype=np.uint8)
            mark(codes.ctypes.data, inputs.ctypes.data, 9, int(limit) + step, marks.ctypes.data)
            np.testing.assert_array_equal(marks, sums.max(axis=1) >= limit + step)


def test_extreme_numbers_do_not_overflow() -> None:
    codes = np.full((1, ROWS // 4, 64, 4), 255, dtype=np.uint8)
    for sign in (-1, 1):
        inputs = np.full((ROWS // 2, 2), sign * 32767, dtype=np.int16)
        exact = sign * ROWS * 255 * 32767
        marks = np.zeros(2, dtype=np.uint8)
        for k, limit in enumerate((exact, exact + 1)):
            mark(codes.ctypes.data, inputs.ctypes.data, 1, limit, marks[k:].ctypes.data)
        assert marks.tolist() == [1, 0]
