from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

LINEAR = {"activation": {"function": "linear"}}
ONE = {"kernel": [[2.0]], "recurrent_kernel": [[0.5]], "bias": [0.0]}

CASES = [
    # h = 2x + h₋/2
    LayerCase(
        [[[1.0], [2.0], [3.0]]], [[2.0], [5.0], [8.5]], {**LINEAR, "return_sequences": True}, ONE
    ),
    LayerCase([[[1.0], [2.0], [3.0]]], [8.5], LINEAR, ONE),
    # backwards: 6, 7, 5.5
    LayerCase([[[1.0], [2.0], [3.0]]], [5.5], {**LINEAR, "go_backwards": True}, ONE),
    LayerCase(
        [[[1.0], [2.0], [3.0]]],
        [[6.0], [7.0], [5.5]],
        {**LINEAR, "go_backwards": True, "return_sequences": True},
        ONE,
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("simple_rnn", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0]], [], LINEAR, ONE), "expected a sequence .steps, values."),
        (LayerCase([[[1.0, 2.0]]], [], LINEAR, ONE), "expected a kernel of .2, 1."),
        (LayerCase([[[1.0]]], [], LINEAR, {**ONE, "bias": [0.0, 0.0]}), "expected a bias of .1,."),
        (LayerCase([[[1.0]]], [], {}, ONE), "expected the attribute 'activation'"),
        (LayerCase([[[1.0]]], [], {**LINEAR, "go_backwards": 1}, ONE), "true or false"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .simple_rnn.*{message}"):
        layer_network("simple_rnn", case)
