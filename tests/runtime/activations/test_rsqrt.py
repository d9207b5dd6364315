from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([1e-30, 0.25, 4.0, 1e30], [1e15, 2.0, 0.5, 1e-15]),
    ActivationCase([0.0, -1.0, -1e30], [math.inf, math.nan, math.nan]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("rsqrt", case, dtype)
