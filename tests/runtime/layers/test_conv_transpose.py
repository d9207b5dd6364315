from __future__ import annotations

from typing import Any

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

X = [[1.0], [2.0]]
TWO_TAPS = {"kernel": [[[1.0]], [[10.0]]], "bias": [0.5]}


def line(**changes: Any) -> dict[str, Any]:
    return {"strides": [1], "dilation": [1], "crop": [[0, 0]], **changes}


CASES = [
    # every cell spreads to (1, 10)·x
    LayerCase([X], [[1.5], [12.5], [20.5]], line(), TWO_TAPS),
    LayerCase([X], [[1.5], [10.5], [2.5], [20.5]], line(strides=[2]), TWO_TAPS),
    LayerCase([X], [[1.5], [2.5], [10.5], [20.5]], line(dilation=[2]), TWO_TAPS),
    LayerCase([X], [[12.5]], line(crop=[[1, 1]]), TWO_TAPS),
    # where nothing arrives there is the bias
    LayerCase([X], [[12.5], [20.5], [0.5]], line(crop=[[1, -1]]), TWO_TAPS),
    # two dimensions, two output channels: kernel (1, 2, outputs 2, inputs 1)
    LayerCase(
        [[[[1.0]], [[2.0]]]],
        [[[1.0, 10.0], [100.0, 1000.0]], [[2.0, 20.0], [200.0, 2000.0]]],
        {"strides": [1, 1], "dilation": [1, 1], "crop": [[0, 0], [0, 0]]},
        {"kernel": [[[[1.0], [10.0]], [[100.0], [1000.0]]]], "bias": [0.0, 0.0]},
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("conv_transpose", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0, 2.0]], [], line(), TWO_TAPS), "expected a kernel of 2 axes"),
        (LayerCase([[[1.0, 1.0]]], [], line(), TWO_TAPS), "expected 1 channels"),
        (LayerCase([X], [], line(crop=[[2, 1]]), TWO_TAPS), "a crop that leaves cells"),
        (LayerCase([X], [], line(strides=[2**27]), TWO_TAPS), "expected at most 134217728 values"),
        (LayerCase([X], [], line(), {**TWO_TAPS, "bias": [0.0, 0.0]}), "expected a bias of 1"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .conv_transpose.*{message}"):
        layer_network("conv_transpose", case)
