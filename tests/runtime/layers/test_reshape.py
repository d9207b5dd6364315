from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], [[1, 2, 3], [4, 5, 6]], {"shape": [2, 3]}),
    LayerCase([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], [1, 2, 3, 4, 5, 6], {"shape": [6]}),
    LayerCase([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], [[1, 2], [3, 4], [5, 6]], {"shape": (3, 2)}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("reshape", case, dtype)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"shape": [4]}, r"'y' .reshape.: expected 6 values, found \(4,\)"),
        ({"shape": [-1]}, "expected positive whole numbers"),
        ({"shape": []}, "expected the attribute 'shape'"),
        ({"shape": "6"}, "expected the attribute 'shape'"),
        ({}, "expected the attribute 'shape', found None"),
        ({"shape": [2.0, 3]}, "expected positive whole numbers"),
    ],
)
def test_misfits_name_the_layer(attributes: dict[str, object], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        layer_network("reshape", LayerCase([[1.0] * 6], [], attributes))
