from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

PLAIN = {"activation": {"function": "linear"}, "recurrent_activation": {"function": "relu"}}
WEIGHTS = {
    "kernel": [[0.0, 1.0, 1.0]],
    "recurrent_kernel": [[0.0, 0.0, 1.0]],
    "bias": [0.5, 0.0, 0.0],
    "recurrent_bias": [0.0, 0.0, 1.0],
}

CASES = [
    # z = 1/2 always, r = x (rectified); h = h₋/2 + (x + r·h₋ + 1·r)/2 with the reset after
    # step 1: r = 1, h = (1 + 1)/2 = 1; step 2: r = 2, h = 1/2 + (2 + 2·(1 + 1))/2 = 3.5
    LayerCase(
        [[[1.0], [2.0]]],
        [[1.0], [3.5]],
        {**PLAIN, "reset_after": True, "return_sequences": True},
        WEIGHTS,
    ),
    # before: h = h₋/2 + (x + r·h₋ + 1)/2: 1, then 1/2 + (2 + 2 + 1)/2 = 3
    LayerCase([[[1.0], [2.0]]], [3.0], PLAIN, WEIGHTS),
    # backwards, before: (2 + 1)/2 = 1.5, then 0.75 + (1 + 1.5 + 1)/2 = 2.5
    LayerCase([[[1.0], [2.0]]], [2.5], {**PLAIN, "go_backwards": True}, WEIGHTS),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("gru", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[[1.0, 1.0]]], [], PLAIN, WEIGHTS), "expected a kernel of .2, 3."),
        (LayerCase([[[1.0]]], [], {**PLAIN, "reset_after": 0}, WEIGHTS), "true or false"),
        (
            LayerCase([[[1.0]]], [], PLAIN, {**WEIGHTS, "recurrent_bias": [0.0]}),
            "expected a recurrent_bias of .3,.",
        ),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .gru.*{message}"):
        layer_network("gru", case)
