from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, 0.0, 0.5, 0.75, 1e30], [0.0, 0.0, 0.0, 0.75, 1e30], {"threshold": 0.5, "value": 0}
    ),
    ActivationCase([-2.0, -1.0, 1.0], [7.0, 7.0, 1.0], {"threshold": -1.0, "value": 7.0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("threshold", case, dtype)


def test_nothing_has_a_default() -> None:
    with pytest.raises(InputFileError, match="needs 'value', which has no shared default"):
        check_activation("threshold", ActivationCase([1.0], [1.0], {"threshold": 0.0}), "float64")
