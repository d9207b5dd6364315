from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    # Keras 2 and LWTNN
    ActivationCase(
        [-3.0, -2.5, 0.0, 1.0, 2.5, 1e30], [0.0, 0.0, 0.5, 0.7, 1.0, 1.0], {"slope": 0.2}
    ),
    # Keras 3
    ActivationCase([-1e30, -3.0, 0.0, 1.5, 3.0], [0.0, 0.0, 0.5, 0.75, 1.0], {"slope": 1 / 6}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("hard_sigmoid", case, dtype)


def test_the_slope_has_no_default() -> None:
    with pytest.raises(InputFileError, match="needs 'slope', which has no shared default"):
        check_activation("hard_sigmoid", ActivationCase([1.0], [1.0]), "float64")
