from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0]], [1.0, 1.0, 1.0, 2.0, 2.0, 2.0], {"factors": [3]}),
    LayerCase(
        [[[1.0, 2.0], [3.0, 4.0]]],
        [[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [3.0, 4.0]],
        {"factors": [2, 1]},
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("upsample", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0]], [], {"factors": [0]}), "'factors', 1 whole numbers from 1"),
        (LayerCase([[1.0]], [], {"factors": [1, 2]}), "'factors', 1 whole numbers from 1"),
        (LayerCase([[1.0]], [], {}), "found None"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .upsample.*{message}"):
        layer_network("upsample", case)
