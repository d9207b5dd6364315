from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.activations.relu import relu
from tests.runtime.checks import ActivationCase, check_activation

INFINITY = float("inf")
CASES = [
    ActivationCase([-INFINITY, -2.0, 0.0, 3.0, 1e30], [0.0, 0.0, 0.0, 3.0, 1e30]),
    ActivationCase([-2.0, 0.5, 1.0, 9.0], [0.0, 0.0, 1.0, 6.0], {"threshold": 1.0, "max_value": 6}),
    # keras.layers.ReLU: slope · (x - threshold) below the threshold, which is not continuous
    ActivationCase(
        [-2.0, 0.0, 2.0], [-0.75, -0.25, 2.0], {"threshold": 1.0, "negative_slope": 0.25}
    ),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("relu", case, dtype)


def test_a_nan_stays_visible() -> None:
    assert np.isnan(relu(np.array([np.nan]), 0.0, 0.0, INFINITY)).all()
