from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation


def exact(x: float) -> float:
    """x·tanh(ln(1 + e^x)), equation 1 of arXiv:1908.08681."""
    return x * math.tanh(math.log1p(math.exp(x)))


CASES = [
    ActivationCase([-20.0, -1.0, 0.0, 0.5, 3.0], [exact(x) for x in (-20.0, -1.0, 0.0, 0.5, 3.0)]),
    ActivationCase([-1e30, -200.0, 1e30], [0.0, -200 * math.exp(-200), 1e30]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("mish", case, dtype)
