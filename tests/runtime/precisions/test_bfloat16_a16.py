from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.precisions import precisions
from tests.runtime.precisions.round_trip import Case, check_round_trip
from tests.runtime.precisions.test_bfloat16 import CASES as KERNELS

CASES = KERNELS


@pytest.mark.parametrize("case", CASES)
def test_kernels_come_back(case: Case) -> None:
    check_round_trip("bfloat16-a16", case)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_inputs_are_rounded_one_by_one(dtype: str) -> None:
    x = np.array([[1 + 2**-9, 300.4, 1e-20]], dtype=dtype)
    found = precisions["bfloat16-a16"].rounded_inputs(x, x.max(axis=-1, keepdims=True))
    assert found.dtype == dtype
    np.testing.assert_array_equal(found[0, :2], [1.0, 300.0])
    np.testing.assert_allclose(found, x, rtol=2**-8)
