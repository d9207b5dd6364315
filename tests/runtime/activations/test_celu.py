from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -1.0, -1e-12, 0.0, 2.0, 1e30],
        [-1.0, math.expm1(-1), math.expm1(-1e-12), 0.0, 2.0, 1e30],
    ),
    ActivationCase([-4.0, -1e30, 3.0], [2 * math.expm1(-2), -2.0, 3.0], {"alpha": 2.0}),
    # x/alpha overflows, where the result is -alpha; with 0 it is a rectifier
    ActivationCase([-1e30, -1.0, 3.0], [-1e-20, -1e-20, 3.0], {"alpha": 1e-20}),
    ActivationCase([-1e30, -1.0, 0.0, 3.0], [0.0, 0.0, 0.0, 3.0], {"alpha": 0.0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("celu", case, dtype)
