from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation

CASES = [ActivationCase([-1e30, -1.0, 0.0, 1e-10, 20.0], [-1.0, math.tanh(-1), 0.0, 1e-10, 1.0])]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("tanh", case, dtype)
