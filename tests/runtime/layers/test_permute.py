from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase(
        [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]],
        [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]],
        {"order": [1, 0]},
    ),
    LayerCase([[[[1.0, 2.0], [3.0, 4.0]]]], [[[1.0], [3.0]], [[2.0], [4.0]]], {"order": [2, 1, 0]}),
    LayerCase([[1.0, 2.0]], [1.0, 2.0], {"order": [0]}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("permute", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[[1.0, 2.0]]], [], {"order": [0]}), "expected an order of the 2 axes"),
        (LayerCase([[[1.0, 2.0]]], [], {"order": [0, 0]}), "expected an order of the 2 axes"),
        (LayerCase([[[1.0, 2.0]]], [], {"order": [0, "1"]}), "expected an order of the 2 axes"),
        (LayerCase([[[1.0, 2.0]]], [], {}), "expected an order of the 2 axes, found None"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .permute.*{message}"):
        layer_network("permute", case)
