from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.layers import layers
from tests.runtime.checks import LayerCase, check_layer, layer_network

KERNEL = [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]  # two inputs, three outputs
CASES = [
    LayerCase([[1.0, 0.5]], [6.5, 12.0, 17.5], {}, {"kernel": KERNEL, "bias": [0.5, 0.0, -0.5]}),
    # the map of the last axis, once per row
    LayerCase(
        [[[1.0, 0.0], [0.0, 1.0]]],
        [[2.0, 2.0, 3.0], [11.0, 20.0, 30.0]],
        {},
        {"kernel": KERNEL, "bias": [1.0, 0.0, 0.0]},
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("dense", case, dtype)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"kernel": np.ones((3, 2)), "bias": np.ones(2)}, "'y'.*expected 3 inputs.*found \\(2,\\)"),
        ({"kernel": np.ones((2, 4)), "bias": np.ones(3)}, "expected a bias of 4, found \\(3,\\)"),
        ({"kernel": np.ones((2, 4))}, "'y' \\(dense\\) has no weight 'bias'"),
        ({"kernel": np.ones(2), "bias": np.ones(1)}, "'kernel' has 1 axes, expected 2"),
        (
            {"kernel": np.ones((2, 1)), "bias": np.ones(1), "mask": np.ones(1)},
            "has no use for 'mask' .known: bias, kernel",
        ),
    ],
)
def test_misfits_name_the_layer(weights: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        layer_network("dense", LayerCase([[1.0, 2.0]], [], {}, weights))


def test_two_inputs_are_one_too_many() -> None:
    case = LayerCase([[1.0], [1.0]], [], {}, {"kernel": [[1.0]], "bias": [0.0]})
    with pytest.raises(InputFileError, match=r"'y' .dense. has 2 inputs, not 1"):
        layer_network("dense", case)


def test_cost_counts_a_multiply_add_as_two() -> None:
    network = layer_network("dense", CASES[1])
    assert layers["dense"].flops(network["y"], [(2, 2)]) == 2 * (2 * 6 + 3)
    assert network.flops == 30
    assert network.parameters == 9
