from __future__ import annotations

import pytest

from caloexport.runtime.errors import InputFileError
from tests.runtime.checks import LayerCase, check_layer, layer_network

CASES = [
    LayerCase([[3.0, -1.0]], [7.0, 0.5], {}, {"scale": [2.0, 0.5], "offset": [1.0, 1.0]}),
    # γ = 0 leaves the offset
    LayerCase([[3.0, -1.0]], [4.0, 5.0], {}, {"scale": [0.0, 0.0], "offset": [4.0, 5.0]}),
    LayerCase([[[1.0], [2.0]]], [[3.0], [5.0]], {}, {"scale": [2.0], "offset": [1.0]}),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    check_layer("normalization", case, dtype)


def test_misfit_names_the_layer() -> None:
    case = LayerCase([[1.0, 2.0]], [], {}, {"scale": [1.0, 1.0], "offset": [1.0]})
    with pytest.raises(InputFileError, match=r"'y' .normalization.: expected offset of \(2,\)"):
        layer_network("normalization", case)
