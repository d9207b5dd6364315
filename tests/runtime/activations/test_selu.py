from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

# constants of arXiv:1706.02515, equation 14
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805
CASES = [
    ActivationCase(
        [-1e30, -1.0, 0.0, 2.0], [-SCALE * ALPHA, SCALE * ALPHA * math.expm1(-1), 0.0, 2 * SCALE]
    )
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("selu", case, dtype)
