from __future__ import annotations

import math

import pytest

from tests.runtime.checks import ActivationCase, check_activation


def exact(x: float) -> float:
    """x·Φ(x), with the tail that keeps its digits."""
    return x * 0.5 * math.erfc(-x / math.sqrt(2))


def approximate(x: float) -> float:
    """Equation 2 of arXiv:1606.08415."""
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


CASES = [
    ActivationCase([-8.0, -1.0, 0.0, 0.5, 3.0], [exact(x) for x in (-8.0, -1.0, 0.0, 0.5, 3.0)]),
    ActivationCase([-1e20, 1e20], [0.0, 1e20]),
    ActivationCase(
        [-1.0, 0.0, 0.5, 3.0],
        [approximate(x) for x in (-1.0, 0.0, 0.5, 3.0)],
        {"approximate": True},
    ),
    ActivationCase([-1e20, 1e20], [0.0, 1e20], {"approximate": 1.0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("gelu", case, dtype)
