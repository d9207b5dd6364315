from __future__ import annotations

import math

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([0.0, 1.5, -1.5], [1.0, 2.0, 0.5]),
    # (x + √(x² + 4))/2 cancels below 0, where it is 1/|x| to within 1/|x|³
    ActivationCase([-1e30, -1e10, 1e30], [1e-30, 1e-10, 1e30]),
    ActivationCase([-2.0, 0.0, 2.0], [0.5, math.sqrt(5) / 2, 2.5], {"b": 5.0}),
    ActivationCase([-2.0, 0.0, 2.0], [0.0, 0.0, 2.0], {"b": 0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("squareplus", case, dtype)


def test_the_parameter_is_not_negative() -> None:
    with pytest.raises(InputFileError, match=r"squareplus with b = -1\.0, expected b ≥ 0"):
        check_activation("squareplus", ActivationCase([1.0], [1.0], {"b": -1.0}), "float64")
