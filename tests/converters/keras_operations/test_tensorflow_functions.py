"""TensorFlow functions as Keras 2.15 writes them into ``.h5`` files, against numpy.

The entries are those that tf_keras wrote for the expressions in the comments.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.converters.keras_operations.tensorflow_functions import FUNCTIONS
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.reference import evaluate_all
from tests.converters.keras_models import keras_2_layer, write_keras_2

X = np.random.default_rng(3).normal(size=(5, 4, 6))
ROW = [0.5, -1.0, 2.0, 0.25, 4.0, -3.0]
MATRIX = np.random.default_rng(4).normal(size=(6, 2))
FULL = {"start": None, "stop": None, "step": None}


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def gelu(x: Array) -> Array:
    from math import erf

    return np.asarray(x * 0.5 * (1 + np.vectorize(erf)(x / np.sqrt(2))))


def of(**options: Any) -> list[Any]:
    """Return a call on x with these options."""
    return ["x", 0, 0, options]


def number(value: Any, **options: Any) -> list[Any]:
    """Return a call whose first argument is a constant."""
    return ["_CONSTANT_VALUE", -1, value, options]


def several(**options: Any) -> list[Any]:
    """Return a call on a list of two tensors."""
    return [["x", 0, 0, options], ["x", 0, 0, options]]


THERE: list[Any] = ["x", 0, 0]
Formula = Callable[[Array], Any]

#: function -> calls and what they give
CASES: dict[str, list[tuple[list[Any], Formula]]] = {
    "__operators__.add": [(of(y=2.0, name=None), lambda x: x + 2)],
    "math.add": [(of(y=THERE), lambda x: x + x)],
    "math.add_n": [(several(), lambda x: x + x)],
    "math.subtract": [
        (of(y=ROW), lambda x: x - ROW),
        (number(1.0, y=THERE, name=None), lambda x: 1 - x),
    ],
    "math.multiply": [(number(3.0, y=THERE), lambda x: 3 * x), (of(y=ROW), lambda x: x * ROW)],
    "math.truediv": [(of(y=2.0), lambda x: x / 2), (number(1.0, y=THERE), lambda x: 1 / x)],
    "math.divide": [(of(y=THERE), lambda x: x / x)],
    "math.negative": [(of(name=None), lambda x: -x)],
    "math.maximum": [(of(y=0.5), lambda x: np.maximum(x, 0.5))],
    "math.minimum": [(of(y=THERE), lambda x: x)],
    "math.pow": [(of(y=2), lambda x: x**2)],
    "math.square": [(of(), lambda x: x**2)],
    "math.sqrt": [],
    "math.rsqrt": [],
    "math.log": [],
    "math.reciprocal": [(of(), lambda x: 1 / x)],
    "math.abs": [(of(), np.abs)],
    "math.exp": [(of(), np.exp)],
    "math.sin": [(of(), np.sin)],
    "math.cos": [(of(), np.cos)],
    "math.erf": [(of(), lambda x: 2 * (gelu(x * np.sqrt(2)) / (x * np.sqrt(2))) - 1)],
    "math.sigmoid": [(of(), sigmoid)],
    "math.tanh": [(of(), np.tanh)],
    "math.softplus": [(of(), lambda x: np.log1p(np.exp(x)))],
    "nn.relu": [(of(name=None), lambda x: np.maximum(x, 0))],
    "nn.relu6": [(of(), lambda x: np.clip(x, 0, 6))],
    "nn.elu": [(of(), lambda x: np.where(x > 0, x, np.expm1(x)))],
    "nn.selu": [
        (of(), lambda x: 1.0507009873554805
         * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x))),
    ],
    "nn.silu": [(of(), lambda x: x * sigmoid(x))],
    "nn.gelu": [(of(), gelu)],
    "nn.leaky_relu": [
        (of(alpha=0.1), lambda x: np.where(x > 0, x, 0.1 * x)),
        (of(), lambda x: np.where(x > 0, x, 0.2 * x)),
    ],
    "nn.softmax": [(of(), lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True))],
    "nn.log_softmax": [(of(axis=1), lambda x: x - np.log(np.exp(x).sum(1, keepdims=True)))],
    "nn.softplus": [(of(), lambda x: np.log1p(np.exp(x)))],
    "nn.softsign": [(of(), lambda x: x / (1 + np.abs(x)))],
    "nn.sigmoid": [(of(), sigmoid)],
    "nn.tanh": [(of(), np.tanh)],
    "clip_by_value": [
        (of(clip_value_min=-0.5, clip_value_max=1.0), lambda x: np.clip(x, -0.5, 1)),
    ],
    "concat": [(several(axis=1), lambda x: np.concatenate([x, x], 1))],
    "stack": [(several(axis=-1), lambda x: np.stack([x, x], -1))],
    "unstack": [(of(axis=1), lambda x: x[:, 0])],
    "split": [
        (of(num_or_size_splits=2, axis=-1), lambda x: x[..., :3]),
        (of(num_or_size_splits=[1, 5], axis=-1), lambda x: x[..., :1]),
    ],
    "reshape": [(of(shape=[-1, 24]), lambda x: x.reshape(5, 24))],
    "transpose": [(of(perm=[0, 2, 1], conjugate=False), lambda x: x.transpose(0, 2, 1))],
    "expand_dims": [(of(axis=1), lambda x: x[:, None])],
    "squeeze": [],
    "gather": [(of(indices=[2, 0], axis=1, batch_dims=0), lambda x: x[:, [2, 0]])],
    "reverse": [(of(axis=[1]), lambda x: x[:, ::-1])],
    "roll": [(of(shift=1, axis=1), lambda x: np.roll(x, 1, 1))],
    "repeat": [(of(repeats=2, axis=1), lambda x: np.repeat(x, 2, 1))],
    "tile": [(of(multiples=[1, 2, 1]), lambda x: np.tile(x, (1, 2, 1)))],
    "broadcast_to": [(of(shape=[5, 4, 6]), lambda x: x)],
    "pad": [
        (of(paddings=[[0, 0], [1, 2], [0, 0]], mode="CONSTANT", constant_values=0),
         lambda x: np.pad(x, [(0, 0), (1, 2), (0, 0)])),
    ],
    "math.reduce_sum": [(of(axis=-1, keepdims=True), lambda x: x.sum(-1, keepdims=True))],
    "math.reduce_mean": [(of(axis=1), lambda x: x.mean(1))],
    "math.reduce_max": [(of(axis=[1]), lambda x: x.max(1))],
    "math.reduce_min": [(of(axis=2), lambda x: x.min(2))],
    "linalg.matmul": [(of(b=MATRIX.tolist(), transpose_a=False), lambda x: x @ MATRIX)],
    "tensordot": [(of(b=MATRIX.tolist(), axes=1), lambda x: x @ MATRIX)],
    "zeros_like": [(of(), lambda x: 0 * x)],
    "ones_like": [(of(), lambda x: 0 * x + 1)],
    "cast": [(of(dtype="float32"), lambda x: x)],
    "identity": [(of(), lambda x: x)],
    "stop_gradient": [(of(), lambda x: x)],
    "__operators__.getitem": [
        (of(slice_spec=[FULL, 0]), lambda x: x[:, 0]),
        (of(slice_spec=[FULL, None, {"start": 1, "stop": 3, "step": None}, -1]),
         lambda x: x[:, None, 1:3, -1]),
    ],
}  # fmt: skip
#: functions of positive numbers, behind an absolute value; squeeze behind a new axis
SECOND: dict[str, tuple[str, dict[str, Any], dict[str, Any], Formula]] = {
    "math.sqrt": ("math.abs", {}, {}, lambda x: np.sqrt(np.abs(x))),
    "math.rsqrt": ("math.abs", {}, {}, lambda x: 1 / np.sqrt(np.abs(x))),
    "math.log": ("math.abs", {}, {}, lambda x: np.log(np.abs(x))),
    "compat.v1.squeeze": ("expand_dims", {"axis": 1}, {"axis": [1]}, lambda x: x),
}


def layer(function: str, name: str, call: list[Any]) -> dict[str, Any]:
    class_name = "SlicingOpLambda" if function.endswith("getitem") else "TFOpLambda"
    return {**keras_2_layer(class_name, name, call, function=function), "inbound_nodes": [call]}


def write(path: Path, layers: list[dict[str, Any]]) -> Path:
    start = keras_2_layer("InputLayer", "x")
    start["config"] = {"batch_input_shape": [None, 4, 6], "dtype": "float32", "name": "x"}
    config = {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": [start, *layers],
            "input_layers": [["x", 0, 0]],
            "output_layers": [[layers[-1]["name"], 0, 0]],
        },
    }
    return write_keras_2(path, config, {"x": {}, **{entry["name"]: {} for entry in layers}})


def check(path: Path, formula: Formula) -> None:
    network = read_keras(path)
    found = evaluate_all(network, {"x": X})[network.outputs[0]]
    np.testing.assert_allclose(found, formula(X), rtol=1e-6, atol=1e-6)


def test_every_function_has_a_case() -> None:
    assert set(CASES) == set(FUNCTIONS)
    one_step = {name for name, calls in CASES.items() if calls}
    assert set(CASES) - one_step == {name.removeprefix("compat.v1.") for name in SECOND}


@pytest.mark.parametrize("function", [name for name, calls in CASES.items() if calls])
def test_function(function: str, tmp_path: Path) -> None:
    for call, formula in CASES[function]:
        check(write(tmp_path / "a.h5", [layer(function, "f", call)]), formula)


@pytest.mark.parametrize("function", SECOND)
def test_function_behind_another(function: str, tmp_path: Path) -> None:
    before, first, then, formula = SECOND[function]
    layers = [layer(before, "f", of(**first)), layer(function, "g", ["f", 0, 0, then])]
    check(write(tmp_path / "a.h5", layers), formula)


def test_second_part_of_a_split(tmp_path: Path) -> None:
    layers = [
        layer("split", "f", of(num_or_size_splits=[1, 5], axis=-1)),
        layer("math.negative", "g", ["f", 0, 1, {}]),
    ]
    check(write(tmp_path / "a.h5", layers), lambda x: -x[..., 1:])


@pytest.mark.parametrize(
    ("function", "call", "message"),
    [
        ("math.cumsum", of(axis=1), r"'f' \(TFOpLambda\).*'math.cumsum' is not supported"),
        ("linalg.matmul", of(b=ROW, transpose_b=True), "called with transpose_b = True"),
        ("einsum", number("bij,jk->bik"), "'f' reads no tensor: Keras 2 does not save what"),
        ("pad", of(paddings=[[0, 0], [1, 1], [0, 0]], mode="REFLECT"), "pads by 'reflect'"),
    ],
)
def test_refusal_names_the_function(
    function: str, call: list[Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedError, match=message):
        read_keras(write(tmp_path / "a.h5", [layer(function, "f", call)]))
