from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    # pieces x + 1 and -2x
    LayerCase(
        [
            [1.0],
        ],
        [2.0],
        {},
        {"kernel": [[[1.0]], [[-2.0]]], "bias": [[1.0], [0.0]]},
    ),
    LayerCase([[-3.0]], [6.0], {}, {"kernel": [[[1.0]], [[-2.0]]], "bias": [[1.0], [0.0]]}),
    LayerCase(
        [[[1.0, 2.0], [-1.0, 0.0]]],
        [[5.0], [1.0]],
        {},
        {"kernel": [[[1.0], [2.0]], [[-1.0], [1.0]]], "bias": [[0.0], [0.0]]},
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("maxout", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            LayerCase([[1.0]], [], {}, {"kernel": [[[1.0], [1.0]]], "bias": [[0.0]]}),
            "expected 2 inputs",
        ),
        (
            LayerCase([[1.0]], [], {}, {"kernel": [[[1.0]]], "bias": [[0.0], [1.0]]}),
            "expected a bias of .1, 1.",
        ),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .maxout.*{message}"):
        layer_network("maxout", case)
