"""The bandwidth probe reads every number once, in one stream or two."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.kernels.natives import natives

#: floats that each read of a step takes
STEP = 64
FLOAT = 4


def added(*parts: tuple[int, int, int, int], result: Array) -> int:
    return natives()["stream"](np.array(parts, dtype=np.int64), result)


def test_both_orders_read_everything_once() -> None:
    numbers = np.arange(6 * STEP, dtype=np.float32)
    start = numbers.ctypes.data
    one = (start, start + FLOAT * STEP, 2 * FLOAT * STEP, 3)
    two = (start, start + FLOAT * 3 * STEP, FLOAT * STEP, 3)
    for part in (one, two):
        result = np.zeros(16, dtype=np.float32)
        assert added(part, result=result) == 1
        assert result.sum() == numbers.sum()


def test_parts_are_added_to_what_is_there() -> None:
    numbers = np.ones(2 * STEP, dtype=np.float32)
    start = numbers.ctypes.data
    part = (start, start + FLOAT * STEP, 2 * FLOAT * STEP, 1)
    result = np.ones(16, dtype=np.float32)
    assert added(part, part, result=result) == 2
    assert result.sum() == 16 + 2 * numbers.sum()


def test_a_result_too_short_for_the_sums_is_not_written() -> None:
    numbers = np.ones(2 * STEP, dtype=np.float32)
    start = numbers.ctypes.data
    result = np.zeros(15, dtype=np.float32)
    assert added((start, start, STEP, 1), result=result) == 0
    assert not result.any()
