from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-1e30, -80.0, 0.0, 1.0, 80.0], [0.0, math.exp(-80), 1.0, math.e, math.exp(80)]),
    ActivationCase([1e30, 1e4], [math.inf, math.inf]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("exponential", case, dtype)
