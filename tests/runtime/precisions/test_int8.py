from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.errors import UsageError
from caloexport.runtime.packing import pack_kernel
from caloexport.runtime.precisions import precisions
from caloexport.runtime.precisions.int8 import ACTIVATION_LEVELS, scales
from tests.runtime.precisions.round_trip import Case, check_round_trip

#: levels 127, -127, 3, 0, and 1 in the next row, where three zeros (128) fill the word
STEP = np.float32(0.5)
CASES = [
    Case(
        np.array([[127], [-127], [3], [0], [1]], np.float32) * STEP,
        ((0, 0, 0, 0x808301FF), (0, 1, 0, 0x80808081), (0, 0, 1, 0x80808080)),
    ),
    Case(np.full((4, 65), 127, np.float32), ((1, 0, 0, 0xFFFFFFFF), (1, 0, 1, 0x80808080))),
    Case(np.zeros((2, 3), np.float32), ((0, 0, 0, 0x80808080),)),
]


@pytest.mark.parametrize("case", CASES)
def test_kernels_come_back(case: Case) -> None:
    check_round_trip("int8", case)


@given(
    levels=st.lists(st.integers(-127, 127), min_size=1, max_size=9),
    size=st.floats(2.0**-100, 2.0**100),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_levels_come_back(levels: list[int], size: float) -> None:
    step = scales(np.array([[127 * size]]), axis=1)[0, 0]
    kernel = np.array([[127], *([q] for q in levels)], np.float32) * step
    check_round_trip("int8", Case(kernel, ()))


def test_what_is_no_level_is_refused() -> None:
    with pytest.raises(UsageError, match="not made of 255 levels"):
        kernel = np.array([[1.0], [0.3]], np.float32)
        pack_kernel(kernel, "int8", precisions["int8"].scale(kernel))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_inputs_are_rounded_to_steps_of_the_largest(dtype: str) -> None:
    x = np.array([[2.0 * ACTIVATION_LEVELS, -7.2, 0.9], [0.0, 0.0, 0.0]], dtype=dtype)
    found = precisions["int8"].rounded_inputs(x, np.abs(x).max(axis=-1, keepdims=True))
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, [[2.0 * ACTIVATION_LEVELS, -8.0, 0.0], [0.0, 0.0, 0.0]])
