from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-1e30, -2.0, 0.0, 3.0], [-3e29, -0.6, 0.0, 3.0], {"negative_slope": 0.3}),
    ActivationCase([-2.0, 3.0], [0.0, 3.0], {"negative_slope": 0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("leaky_relu", case, dtype)


def test_the_slope_has_no_default() -> None:
    with pytest.raises(InputFileError, match="'y': leaky_relu needs 'negative_slope'"):
        check_activation("leaky_relu", ActivationCase([1.0], [1.0]), "float64")
