from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([0.0, 1.0, -1.0], [-math.log(2), -math.log1p(1 / math.e), -math.log1p(math.e)]),
    ActivationCase([-1e30, -50.0, 50.0, 1e30], [-1e30, -50.0, -math.exp(-50), 0.0]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("log_sigmoid", case, dtype)
