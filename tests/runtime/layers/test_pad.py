from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0]], [0.0, 1.0, 2.0, 0.0, 0.0], {"padding": [[1, 2]]}),
    LayerCase(
        [[[1.0], [2.0]]],
        [[5.0, 1.0], [5.0, 2.0], [5.0, 5.0]],
        {"padding": [[0, 1], [1, 0]], "value": 5.0},
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("pad", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0]], [], {"padding": [[1, -1]]}), "'padding', 1 pairs of whole numbers"),
        (LayerCase([[1.0]], [], {"padding": [1, 1]}), "'padding', 1 pairs of whole numbers"),
        (LayerCase([[1.0]], [], {"padding": [[1, 1]], "value": "0"}), "'value', a finite number"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .pad.*{message}"):
        layer_network("pad", case)
