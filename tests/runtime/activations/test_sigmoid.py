from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([0.0, math.log(3), -math.log(3)], [0.5, 0.75, 0.25]),
    ActivationCase([-1e30, -80.0, 80.0, 1e30], [0.0, math.exp(-80), 1.0, 1.0]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("sigmoid", case, dtype)
