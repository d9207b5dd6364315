from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

UNIT = {"gamma": [1.0, 1.0], "beta": [0.0, 0.0]}

CASES = [
    # mean 2, variance 1; the epsilon counts with it: 1 + 3 = 2²
    LayerCase([[1.0, 3.0]], [-0.5, 0.5], {"epsilon": 3.0}, UNIT),
    LayerCase(
        [[1.0, 3.0]], [-0.5, 2.0], {"epsilon": 3.0}, {"gamma": [1.0, 2.0], "beta": [0.0, 1.0]}
    ),
    # each row by itself
    LayerCase([[[1.0, 3.0], [9.0, 7.0]]], [[-0.5, 0.5], [0.5, -0.5]], {"epsilon": 3.0}, UNIT),
    # root mean square: √((1 + 49)/2) = 5
    LayerCase([[1.0, 7.0]], [0.2, 1.4], {"epsilon": 0.0, "rms": True}, UNIT),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("layer_normalization", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0, 2.0]], [], {}, UNIT), "expected the attribute 'epsilon'"),
        (LayerCase([[1.0, 2.0]], [], {"epsilon": -1}, UNIT), "not negative"),
        (LayerCase([[1.0]], [], {"epsilon": 0.1}, UNIT), "expected gamma of .1,."),
        (LayerCase([[1.0, 2.0]], [], {"epsilon": 0.1, "rms": 1}, UNIT), "true or false"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .layer_normalization.*{message}"):
        layer_network("layer_normalization", case)
