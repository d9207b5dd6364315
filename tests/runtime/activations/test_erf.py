from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -6.5, 0.0, 1e-10, 0.5, 1e30],
        [-1.0, -1.0, 0.0, 2e-10 / math.sqrt(math.pi), math.erf(0.5), 1.0],
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("erf", case, dtype)
