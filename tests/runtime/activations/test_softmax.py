from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([0.0, math.log(2), math.log(5)], [1 / 8, 2 / 8, 5 / 8]),
    # without subtracting the maximum these overflow, or divide zero by zero
    ActivationCase([1e30, 1e30, 0.0], [0.5, 0.5, 0.0]),
    ActivationCase([-1e30, -1e30], [0.5, 0.5]),
    ActivationCase([3.0], [1.0]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("softmax", case, dtype)
