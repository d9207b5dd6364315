from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.activations.clip import clip
from tests.runtime.checks import ActivationCase, check_activation

CASES = [
    ActivationCase(
        [-1e30, -2.0, 0.25, 3.0, 1e30],
        [-1.0, -1.0, 0.25, 2.0, 2.0],
        {"minimum": -1.0, "maximum": 2},
    ),
    ActivationCase([-1e30, -2.0, 1e30], [-1.5, -1.5, 1e30], {"minimum": -1.5}),
    ActivationCase([-1e30, -2.0, 1e30], [-1e30, -2.0, 0.5], {"maximum": 0.5}),
    ActivationCase([-1e30, 0.0, 1e30], [-1e30, 0.0, 1e30]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: ActivationCase, dtype: str) -> None:
    check_activation("clip", case, dtype)


def test_a_nan_stays_visible() -> None:
    assert np.isnan(clip(np.array([np.nan]), -1.0, 1.0)).all()
