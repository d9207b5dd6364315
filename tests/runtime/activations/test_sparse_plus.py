from __future__ import annotations

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -1.0, -0.5, 0.0, 0.5, 1.0, 1e30], [0.0, 0.0, 0.0625, 0.25, 0.5625, 1.0, 1e30]
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("sparse_plus", case, dtype)
