from __future__ import annotations

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-1e30, -1.5, -0.0, 2.0, 1e30], [1e30, 1.5, 0.0, 2.0, 1e30]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("abs", case, dtype)
