from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -1.0, -1e-12, 0.0, 2.0, 1e30],
        [-1.0, math.expm1(-1), math.expm1(-1e-12), 0.0, 2.0, 1e30],
    ),
    ActivationCase([-1.0, 1.0], [0.5 * math.expm1(-1), 1.0], {"alpha": 0.5}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("elu", case, dtype)
