from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0], [10.0, 20.0], [3.0, 0.5]], [30.0, 20.0]),
    LayerCase([[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0]]], [[10.0, 40.0], [30.0, 80.0]]),
    LayerCase([[1.0, 2.0], [5.0]], [5.0, 10.0]),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("multiply", case, dtype)


def test_sizes_must_agree() -> None:
    with pytest.raises(InputFileError, match=r"'y' .multiply.: expected inputs of one size"):
        layer_network("multiply", LayerCase([[1.0, 2.0], [1.0, 2.0, 3.0]], []))


def test_axes_must_agree() -> None:
    # (n, 2) with (n, 2, 2) would pair the showers of one with the rows of the other
    with pytest.raises(InputFileError, match="the same number of axes"):
        layer_network("multiply", LayerCase([[1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]]], []))
