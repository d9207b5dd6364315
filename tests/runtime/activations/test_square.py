from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.activations.square import square
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-3.0, 0.0, 1e-10, 1e15], [9.0, 0.0, 1e-20, 1e30]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("square", case, dtype)


def test_what_is_too_large_is_infinite() -> None:
    assert square(np.array([-1e30, 1e30], dtype=np.float32)).tolist() == [np.inf, np.inf]
