from __future__ import annotations

import math

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[-1.0, 2.0]], [0.0, 2.0], {"function": "relu"}),
    # over the last axis of more than one
    LayerCase(
        [[[0.0, math.log(3)], [5.0, 5.0]]], [[0.25, 0.75], [0.5, 0.5]], {"function": "softmax"}
    ),
    LayerCase([[[4.0, 4.0]]], [[2.0, 4.0]], {"function": "swish"}, {"beta": [0.0, 1e3]}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("activation", case, dtype)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"function": "rellu"}, "'y' has the unknown activation 'rellu' .did you mean 'relu'"),
        ({}, "'y' has the unknown activation 'None'"),
        ({"function": ["relu"]}, "unknown activation"),
        ({"function": "relu", "negativ_slope": 0.1}, "'y' .* has no use for 'negativ_slope'"),
        ({"function": "elu", "alpha": "1"}, "expected 'alpha' a number, found 1"),
        ({"function": "elu", "alpha": None}, "expected 'alpha' a number"),
        ({"function": "elu", "alpha": float("nan")}, "expected 'alpha' a number"),
    ],
)
def test_refusals_name_layer_and_attribute(attributes: dict[str, object], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        layer_network("activation", LayerCase([[1.0]], [1.0], attributes))


def test_a_weight_without_use_is_refused() -> None:
    case = LayerCase([[1.0]], [1.0], {"function": "relu"}, {"beta": [1.0]})
    with pytest.raises(InputFileError, match="has no use for 'beta'"):
        layer_network("activation", case)
