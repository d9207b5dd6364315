from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [0.0, 1.0, -1.0, 1e-10, 1000.0], [0.0, math.sin(1), -math.sin(1), 1e-10, math.sin(1000)]
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("sin", case, dtype)
