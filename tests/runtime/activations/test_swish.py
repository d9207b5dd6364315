from __future__ import annotations

import math

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1.0, 0.0, 1.0], [-1 / (1 + math.e), 0.0, math.e / (1 + math.e)], {}, {"beta": [1.0]}
    ),
    # one β per unit: β = 0 halves, a large β is a rectifier, a negative one turns it round
    ActivationCase(
        [3.0, -3.0, 4.0, math.log(2)],
        [1.5, 0.0, 4.0, math.log(2) / 3],
        {},
        {"beta": [0.0, 1e3, 1e3, -1.0]},
    ),
    ActivationCase([-1e30, 1e30], [0.0, 1e30], {}, {"beta": [1.0]}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("swish", case, dtype)


def test_beta_must_fit() -> None:
    case = ActivationCase([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], {}, {"beta": [1.0, 2.0]})
    with pytest.raises(InputFileError, match=r"expected beta of \(1,\) or \(3,\), found \(2,\)"):
        check_activation("swish", case, "float64")


def test_beta_must_be_there() -> None:
    with pytest.raises(InputFileError, match="'y': swish needs 'beta'"):
        check_activation("swish", ActivationCase([0.0], [0.0]), "float64")
