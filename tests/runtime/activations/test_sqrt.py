from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([0.0, 1e-30, 2.25, 1e30], [0.0, 1e-15, 1.5, 1e15]),
    ActivationCase([-1.0, -1e30], [math.nan, math.nan]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("sqrt", case, dtype)
