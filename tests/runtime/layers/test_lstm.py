from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

PLAIN = {"activation": {"function": "linear"}, "recurrent_activation": {"function": "relu"}}
WEIGHTS = {
    "kernel": [[1.0, 0.0, 1.0, 0.0]],
    "recurrent_kernel": [[0.0, 0.0, 0.5, 0.0]],
    "bias": [0.0, 1.0, 0.0, 2.0],
}

CASES = [
    # gates i, f, o of hard rectifiers, all maps linear: i = x, f = 1, c = x, o = 2
    # step 1: c = 0 + 1·1 = 1, h = 2; step 2: i = 2, c = 1 + 2·(2 + 2·0.5) = 7, h = 14
    LayerCase([[[1.0], [2.0]]], [[2.0], [14.0]], {**PLAIN, "return_sequences": True}, WEIGHTS),
    LayerCase([[[1.0], [2.0]]], [14.0], PLAIN, WEIGHTS),
    # backwards: c = 4, h = 8; then i = 1, c = 4 + 1·(1 + 4) = 9, h = 18
    LayerCase([[[1.0], [2.0]]], [18.0], {**PLAIN, "go_backwards": True}, WEIGHTS),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("lstm", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[[1.0, 1.0]]], [], PLAIN, WEIGHTS), "expected a kernel of .2, 4."),
        (LayerCase([[1.0]], [], PLAIN, WEIGHTS), "expected a sequence"),
        (
            LayerCase([[[1.0]]], [], {"activation": {"function": "tanh"}}, WEIGHTS),
            "expected the attribute 'recurrent_activation'",
        ),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .lstm.*{message}"):
        layer_network("lstm", case)
