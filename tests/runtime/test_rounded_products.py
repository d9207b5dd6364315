"""Products of every kind of layer see rounded inputs, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import as_matrix, from_matrix
from caloexport.runtime.precisions import precisions
from caloexport.runtime.reference import evaluate

RNG = np.random.default_rng(11)


def weights(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {name: RNG.normal(size=shape) for name, shape in shapes.items()}


WINDOW = {"strides": [1], "dilation": [1]}
LINEAR = {"function": "linear"}
LAYERS: list[tuple[str, tuple[int, ...], Mapping[str, Any], dict[str, np.ndarray]]] = [
    ("dense", (3, 128), {}, weights(kernel=(128, 128), bias=(128,))),
    ("maxout", (128,), {}, weights(kernel=(2, 128, 64), bias=(2, 64))),
    (
        "highway",
        (128,),
        {"activation": LINEAR},
        weights(
            transform_kernel=(128, 128),
            carry_kernel=(128, 128),
            transform_bias=(128,),
            carry_bias=(128,),
        ),
    ),
    (
        "conv",
        (6, 64),
        {**WINDOW, "padding": [[1, 1]], "groups": 1},
        weights(kernel=(3, 64, 96), bias=(96,)),
    ),
    (
        "conv_transpose",
        (6, 96),
        {**WINDOW, "crop": [[0, 0]]},
        weights(kernel=(3, 64, 96), bias=(64,)),
    ),
]


def by_hand(node: Node, x: np.ndarray, name: str) -> np.ndarray:
    """Return what a layer gives when each row of its product is rounded by a loop."""

    def rounded(row: np.ndarray) -> np.ndarray:
        return precisions[name].rounded_inputs(row, np.abs(row).max(keepdims=True))

    w = node.weights
    if node.kind == "conv":
        padded, matrix = np.pad(x, [(1, 1), (0, 0)]), as_matrix("conv", "kernel", w["kernel"])
        rows = [rounded(padded[i : i + 3].reshape(-1)) for i in range(len(x))]
        return np.array(rows) @ matrix + w["bias"]
    seen = np.array([rounded(row) for row in x.reshape(-1, x.shape[-1])]).reshape(x.shape)
    if node.kind == "conv_transpose":
        y = np.zeros((len(x) + 2, 64)) + w["bias"]
        for i, row in enumerate(seen):
            for tap in range(3):
                y[i + tap] += w["kernel"][tap] @ row
        return y
    if node.kind == "maxout":
        return np.max([seen @ k + b for k, b in zip(w["kernel"], w["bias"], strict=True)], axis=0)
    if node.kind == "highway":
        carry = 1 / (1 + np.exp(-(seen @ w["carry_kernel"] + w["carry_bias"])))
        return carry * (seen @ w["transform_kernel"] + w["transform_bias"]) + (1 - carry) * x
    return seen @ w["kernel"] + w["bias"]


@pytest.mark.parametrize("name", [n for n in precisions if precisions[n].rounds_inputs])
@pytest.mark.parametrize(("kind", "shape", "attributes", "w"), LAYERS, ids=[e[0] for e in LAYERS])
def test_rows_are_rounded(name: str, kind: str, shape: Any, attributes: Any, w: Any) -> None:
    node = Node("y", kind, ("x",), attributes, w)
    network = Network({"x": shape}, [node], ["y"])
    x = np.random.default_rng(12).normal(size=shape)
    found = evaluate(network, {"x": x[None]}, arithmetic=name)[0]
    np.testing.assert_allclose(found, by_hand(node, x, name), rtol=1e-9, atol=1e-9)
    exact = evaluate(network, {"x": x[None]})[0]
    assert np.abs(found - exact).max() > 1e-6


def test_small_kernels_see_all_digits() -> None:
    small = {"kernel": RNG.normal(size=(8, 5)), "bias": np.zeros(5)}
    network = Network({"x": (8,)}, [Node("y", "dense", ("x",), {}, small)], ["y"])
    x = {"x": RNG.normal(size=(2, 8))}
    np.testing.assert_array_equal(evaluate(network, x, arithmetic="int8-a8"), evaluate(network, x))


def test_weights_come_back_from_their_matrices() -> None:
    matrices = 0
    for kind, _, _, w in LAYERS:
        for key, weight in w.items():
            matrix = as_matrix(kind, key, weight)
            if matrix is not None:
                np.testing.assert_array_equal(from_matrix(kind, key, matrix, weight.shape), weight)
                matrices += 1
    assert matrices == 6
