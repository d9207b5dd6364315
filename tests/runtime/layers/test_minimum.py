from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0], [0.5, 3.0], [-1.0, 2.5]], [-1.0, 2.0]),
    LayerCase([[1.0, 2.0], [1.5]], [1.0, 1.5]),
    LayerCase([[[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0]]], [[1.0, 1.0], [1.0, 1.0]]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("minimum", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0, 2.0], [1.0, 2.0, 3.0]], []), "expected inputs of one size"),
        (LayerCase([[1.0, 2.0], [[1.0, 2.0]]], []), "the same number of axes"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .minimum.*{message}"):
        layer_network("minimum", case)
