from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

INF = float("inf")

CASES = [
    LayerCase([[1.0, 2.0], [4.0, -8.0]], [0.25, -0.25]),
    LayerCase([[1.0, -2.0], [0.0]], [INF, -INF]),
    LayerCase([[[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0]]], [[1.0, 2.0], [3.0, 4.0]]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("divide", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0, 2.0], [1.0, 2.0, 3.0]], []), "expected inputs of one size"),
        (LayerCase([[1.0, 2.0], [[1.0, 2.0]]], []), "the same number of axes"),
        (LayerCase([[1.0], [1.0], [1.0]], []), "has 3 inputs, not 2"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .divide.*{message}"):
        layer_network("divide", case)
