from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

RELU = {"activation": {"function": "relu"}}
ONE = {
    "transform_kernel": [[1.0]],
    "transform_bias": [0.0],
    "carry_kernel": [[1.0]],
    "carry_bias": [0.0],
}

CASES = [
    # an open gate lets the transform through, a closed one the input
    LayerCase(
        [[2.0, -3.0]],
        [5.0, -3.0],
        RELU,
        {
            "transform_kernel": [[2.0, 0.0], [0.0, 1.0]],
            "transform_bias": [1.0, 0.0],
            "carry_kernel": [[0.0, 0.0], [0.0, 0.0]],
            "carry_bias": [1000.0, -1000.0],
        },
    ),
    # half open: the mean of both
    LayerCase(
        [[4.0]],
        [6.0],
        RELU,
        {
            "transform_kernel": [[2.0]],
            "transform_bias": [0.0],
            "carry_kernel": [[1.0]],
            "carry_bias": [-4.0],
        },
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("highway", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0]], [], {}, ONE), "expected the attribute 'activation'"),
        (LayerCase([[1.0, 2.0]], [], RELU, ONE), "expected a transform_kernel of .2, 2."),
        (
            LayerCase([[1.0]], [], {"activation": {"function": "rleu"}}, ONE),
            "expected a known activation in 'activation', found 'rleu' .did you mean 'relu'",
        ),
        (
            LayerCase([[1.0]], [], {"activation": {"function": "elu", "alpha": "1"}}, ONE),
            "expected numbers as parameters of elu .alpha.",
        ),
        (
            LayerCase([[1.0]], [], {"activation": {"function": "swish"}}, ONE),
            "expected 'beta' of swish",
        ),
        (
            LayerCase([[1.0]], [], {"activation": {"function": "softmax"}}, ONE),
            "expected an element-wise 'activation'",
        ),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .highway.*{message}"):
        layer_network("highway", case)
