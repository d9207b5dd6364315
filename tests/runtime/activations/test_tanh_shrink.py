from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -3.0, 0.0, 3.0, 1e30], [-1e30, math.tanh(3) - 3, 0.0, 3 - math.tanh(3), 1e30]
    ),
    # the series x³/3 - 2x⁵/15 around 0, where x - tanh x has no digits left
    ActivationCase(
        [1e-9, -1e-4, 1e-3],
        [1e-27 / 3, -1e-12 / 3 * (1 - 0.4e-8), 1e-9 / 3 * (1 - 0.4e-6 + 17e-12 / 105)],
    ),
    ActivationCase([0.99, 1.01], [0.99 - math.tanh(0.99), 1.01 - math.tanh(1.01)]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("tanh_shrink", case, dtype)
