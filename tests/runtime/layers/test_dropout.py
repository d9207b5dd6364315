from __future__ import annotations

import pytest

from tests.runtime.checks import LayerCase, check_layer

CASES = [
    LayerCase([[-1.0, 0.0, 2.0]], [-1.0, 0.0, 2.0]),
    LayerCase([[[1.0], [2.0]]], [[1.0], [2.0]]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_does_nothing_when_sampling(case: LayerCase, dtype: str) -> None:
    check_layer("dropout", case, dtype)
