from __future__ import annotations

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -0.75, -0.5, -0.25, 0.0, 0.5, 0.75, 1e30],
        [-1e30, -0.75, 0.0, 0.0, 0.0, 0.0, 0.75, 1e30],
    ),
    ActivationCase([-3.0, 2.0, 4.0], [0.0, 0.0, 4.0], {"threshold": 3.0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("hard_shrink", case, dtype)
