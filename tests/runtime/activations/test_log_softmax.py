from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [0.0, math.log(2), math.log(5)], [math.log(1 / 8), math.log(2 / 8), math.log(5 / 8)]
    ),
    # without subtracting the maximum these overflow, or take the logarithm of zero
    ActivationCase([1e30, 1e30, 0.0], [-math.log(2), -math.log(2), -1e30]),
    ActivationCase([-1e3, -1e3], [-math.log(2), -math.log(2)]),
    ActivationCase([3.0], [0.0]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("log_softmax", case, dtype)
