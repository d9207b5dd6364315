from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase([-1e30, -2.0, 0.0, 3.0], [-3e29, -0.6, 0.0, 3.0], {}, {"alpha": [0.3]}),
    # one slope per unit: 0 is a rectifier, above 1 and below 0 are allowed
    ActivationCase(
        [-2.0, -2.0, -2.0, 4.0], [0.0, -3.0, 1.0, 4.0], {}, {"alpha": [0.0, 1.5, -0.5, 7.0]}
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("prelu", case, dtype)


def test_alpha_must_fit() -> None:
    case = ActivationCase([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], {}, {"alpha": [1.0, 2.0]})
    with pytest.raises(InputFileError, match=r"expected alpha of \(1,\) or \(3,\), found \(2,\)"):
        check_activation("prelu", case, "float64")
