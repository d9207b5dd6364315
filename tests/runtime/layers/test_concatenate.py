from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[1.0, 2.0], [3.0], [4.0, 5.0]], [1.0, 2.0, 3.0, 4.0, 5.0]),
    LayerCase([[[1.0], [2.0]], [[3.0], [4.0]]], [[1.0, 3.0], [2.0, 4.0]]),
    LayerCase([[1.0, 2.0]], [1.0, 2.0]),
    LayerCase([[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]], [[1, 2], [3, 4], [5, 6]], {"axis": 0}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("concatenate", case, dtype)


def test_misfit_names_the_layer() -> None:
    with pytest.raises(InputFileError, match=r"'y' .concatenate.: expected inputs that agree"):
        layer_network("concatenate", LayerCase([[[1.0], [2.0]], [[3.0]]], []))


def test_the_axis_must_be_there() -> None:
    with pytest.raises(InputFileError, match="expected an axis from 0 to 0, found 1"):
        layer_network("concatenate", LayerCase([[1.0], [2.0]], [], {"axis": 1}))
