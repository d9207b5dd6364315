from __future__ import annotations

import math

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [0.0, math.log(3), 1000.0, 7.0, -2.0], [0.25, 0.75, 1.0, 7.0, -2.0], {"groups": [2, 1]}
    ),
    ActivationCase([1e30, 1e30, 0.0], [0.5, 0.5, 0.0], {"groups": [3]}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("grouped_softmax", case, dtype)


@pytest.mark.parametrize(
    ("constants", "message"),
    [
        ({}, r"expected 'groups' a list of positive whole numbers, found \[\]"),
        ({"groups": [2, 0]}, "positive whole numbers"),
        ({"groups": [2, -1]}, "positive whole numbers"),
        ({"groups": "ab"}, "'groups' a number"),
        ({"groups": [2, 2]}, "expected groups of at most 3 units, found 4"),
    ],
)
def test_groups_must_fit(constants: dict[str, object], message: str) -> None:
    case = ActivationCase([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], constants)
    with pytest.raises(InputFileError, match=message):
        check_activation("grouped_softmax", case, "float64")
