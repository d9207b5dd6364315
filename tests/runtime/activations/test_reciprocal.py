from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-1e30, -4.0, 0.5, 1e-30], [-1e-30, -0.25, 2.0, 1e30]),
    ActivationCase([0.0], [math.inf]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("reciprocal", case, dtype)
