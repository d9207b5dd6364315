from __future__ import annotations

from typing import Any

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

X = [[1.0], [2.0]]
TWO_TAPS = {"kernel": [[[1.0]], [[10.0]]], "bias": [0.5]}


def line(**changes: Any) -> dict[str, Any]:
    return {"strides": [1], "dilation": [1], "padding": [[0, 0]], "groups": 1, **changes}


CASES = [
    # correlation with (1, 10), in front a zero
    LayerCase([[[1.0], [2.0], [3.0]]], [[10.5], [21.5], [32.5]], line(padding=[[1, 0]]), TWO_TAPS),
    # every second window
    LayerCase([[[1.0], [2.0], [3.0], [4.0]]], [[21.5], [43.5]], line(strides=[2]), TWO_TAPS),
    # taps two cells apart
    LayerCase([[[1.0], [2.0], [3.0], [4.0]]], [[31.5], [42.5]], line(dilation=[2]), TWO_TAPS),
    # two groups, each with its own channel
    LayerCase(
        [[[1.0, 2.0], [3.0, 4.0]]],
        [[10.0, 200.0], [30.0, 400.0]],
        line(groups=2),
        {"kernel": [[[10.0, 100.0]]], "bias": [0.0, 0.0]},
    ),
    # two dimensions: the sum over a window of 2 x 2, weighted by place
    LayerCase(
        [[[[1.0], [2.0]], [[3.0], [4.0]]]],
        [[[4321.0]]],
        {"strides": [1, 1], "dilation": [1, 1], "padding": [[0, 0], [0, 0]], "groups": 1},
        {"kernel": [[[[1.0]], [[10.0]]], [[[100.0]], [[1000.0]]]], "bias": [0.0]},
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("conv", case, dtype)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0, 2.0]], [], line(), TWO_TAPS), "expected a kernel of 2 axes"),
        (LayerCase([[[1.0]]], [], line(), TWO_TAPS), "expected at least 2 cells"),
        (
            LayerCase([[[1.0, 1.0], [1.0, 1.0]]], [], line(), TWO_TAPS),
            "expected 1 channels in each",
        ),
        (LayerCase([X], [], line(strides=[0]), TWO_TAPS), "'strides', 1 whole numbers from 1"),
        (LayerCase([X], [], line(padding=[[-1, 0]]), TWO_TAPS), "'padding', 1 pairs"),
        (
            LayerCase([X], [], line(padding=[[0, 2**27]]), TWO_TAPS),
            "expected at most 134217728 values",
        ),
        (LayerCase([X], [], line(groups=2), TWO_TAPS), "in each of 2 groups"),
        (LayerCase([X], [], line(), {**TWO_TAPS, "bias": [0.0, 0.0]}), "expected a bias of 1"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .conv.*{message}"):
        layer_network("conv", case)
