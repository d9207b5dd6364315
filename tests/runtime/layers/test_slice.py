from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network


def part(**changes: int) -> LayerCase:
    attributes = {"axis": 0, "start": 0, "step": 1, "length": 1, **changes}
    return LayerCase([[1.0, 2.0, 3.0]], [], attributes)


CASES = [
    LayerCase([[1.0, 2.0, 3.0, 4.0]], [2.0, 3.0], {"axis": 0, "start": 1, "step": 1, "length": 2}),
    LayerCase([[1.0, 2.0, 3.0, 4.0]], [1.0, 3.0], {"axis": 0, "start": 0, "step": 2, "length": 2}),
    LayerCase([[1.0, 2.0, 3.0, 4.0]], [4.0, 2.0], {"axis": 0, "start": 3, "step": -2, "length": 2}),
    LayerCase(
        [[[1.0, 2.0], [3.0, 4.0]]], [[2.0], [4.0]], {"axis": 1, "start": 1, "step": 1, "length": 1}
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("slice", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (part(axis=1), "'axis', a whole number from 0 to 0, found 1"),
        (part(start=3), "'start', a whole number from 0 to 2, found 3"),
        (part(step=0), "expected a part of axis 0, which has 3"),
        (part(start=2, length=2), "expected a part of axis 0"),
        (part(step=-1, length=2), "expected a part of axis 0"),
        (part(length=0), "'length', a whole number from 1 to 3, found 0"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .slice.*{message}"):
        layer_network("slice", case)
