from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.reference import evaluate
from tests.runtime.checks import LayerCase, layer_network

TABLE = {"table": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}

CASES = [
    # the second of three categories, alone
    LayerCase([[[1.0]]], [[3.0, 4.0]], {"column": 0}, TABLE),
    # among other values, in its place
    LayerCase([[[7.0, 2.0, 8.0]]], [[7.0, 5.0, 6.0, 8.0]], {"column": 1}, TABLE),
    LayerCase([[0.0, 8.0]], [1.0, 2.0, 8.0], {"column": 0}, TABLE),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES)
def test_formula(case: LayerCase, dtype: str) -> None:
    network = layer_network("embedding", case)
    values = evaluate(network, {"x0": np.array(case.inputs)}, dtype)
    np.testing.assert_array_equal(values, [case.output])
    assert values.dtype == dtype
    assert network.shapes["y"] == values.shape[1:]


@pytest.mark.parametrize("category", [-1.0, 3.0, 0.5, float("nan"), float("inf")])
def test_what_is_no_category_is_refused(category: float) -> None:
    network = layer_network("embedding", CASES[0])
    with pytest.raises(UsageError, match=r"'y' takes whole numbers from 0 to 2, found"):
        evaluate(network, {"x0": np.array([[[category]]])})


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (LayerCase([[1.0]], [], {"column": 1}, TABLE), "'column', a whole number from 0 to 0"),
        (LayerCase([[1.0]], [], {}, TABLE), "'column', .*found None"),
    ],
)
def test_misfits_name_the_layer(case: LayerCase, message: str) -> None:
    with pytest.raises(InputFileError, match=rf"'y' .embedding.*{message}"):
        layer_network("embedding", case)
