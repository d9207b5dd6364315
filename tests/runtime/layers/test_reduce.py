from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0, 6.0]], [9.0], {"function": "sum", "axes": [0]}),
    LayerCase([[[1.0, 2.0], [3.0, 8.0]]], [2.0, 5.0], {"function": "mean", "axes": [0]}),
    LayerCase(
        [[[1.0, 2.0], [3.0, 8.0]]], [[2.0], [8.0]], {"function": "max", "axes": [1], "keep": True}
    ),
    LayerCase([[[1.0, 2.0], [3.0, 8.0]]], [1.0], {"function": "min", "axes": [1, 0]}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("reduce", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0]], [], {"function": "median", "axes": [0]}), "one of sum, mean, max, min"),
        (LayerCase([[1.0]], [], {"function": "sum", "axes": [1]}), "different axes from 0 to 0"),
        (LayerCase([[1.0]], [], {"function": "sum", "axes": [0, 0]}), "different axes from 0 to 0"),
        (LayerCase([[1.0]], [], {"function": "sum", "axes": []}), "different axes"),
        (LayerCase([[1.0]], [], {"function": "sum", "axes": [0], "keep": 1}), "true or false"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .reduce.*{message}"):
        layer_network("reduce", case)
