from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate, evaluate_all
from tests.networks import dense

NETWORK = Network(
    {"x": (2,), "c": (1,)},
    [
        Node("joint", "concatenate", ("x", "c")),
        dense("hidden", "joint", 3, 4),
        Node("y", "activation", ("hidden",), {"function": "tanh"}),
    ],
    ["y"],
)
INPUTS = {"x": np.array([[0.5, -1.0], [2.0, 0.0]]), "c": np.array([[1.0], [0.25]])}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_is_the_formula(dtype: str) -> None:
    kernel, bias = (NETWORK["hidden"].weights[k].astype(np.float64) for k in ("kernel", "bias"))
    joint = np.concatenate([INPUTS["x"], INPUTS["c"]], axis=1)
    found = evaluate(NETWORK, INPUTS, dtype)
    assert found.dtype == dtype
    close = 1e-14 if dtype == "float64" else 1e-6
    np.testing.assert_allclose(found, np.tanh(joint @ kernel + bias), rtol=close, atol=close)


def test_every_layer_has_its_value() -> None:
    values = evaluate_all(NETWORK, INPUTS)
    assert list(values) == ["x", "c", "joint", "hidden", "y"]
    np.testing.assert_array_equal(values["y"], evaluate(NETWORK, INPUTS))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.zeros((2, 3))}, r"input 'x' has shape \(2, 3\), expected \(n, 2\)"),
        ({"x": np.zeros(2)}, r"input 'x' has shape \(2,\), expected \(n, 2\)"),
        ({"c": np.zeros((5, 1))}, "differ in their number of showers: 'x' 2, 'c' 5"),
    ],
)
def test_wrong_shapes_are_named(change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        evaluate(NETWORK, {**INPUTS, **change})


def test_missing_input_is_named() -> None:
    with pytest.raises(UsageError, match=r"network input 'c' is missing .inputs: x, c"):
        evaluate(NETWORK, {"x": INPUTS["x"]})
