from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-3.0, 0.0, 1e-10, 1e15], [9.0, 0.0, 1e-20, 1e30]),
    ActivationCase([math.inf, -math.inf], [math.inf, math.inf]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("square", case, dtype)
