"""Every operation of Functional models against Keras; constants stand on either side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.errors import CaloexportError
from tests.converters.keras_models import keras, saved
from tests.converters.together import Together, names_of

ROW = np.arange(6, dtype=np.float32) - 2.5
COLUMN = np.arange(7, dtype=np.float32)[:, None]
MATRIX = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
CUBE = np.random.default_rng(1).normal(size=(7, 6, 2)).astype(np.float32)

ARITHMETIC = Together(
    (7, 6),
    {
        "ops.Add-number": lambda K, x: [x + 2.0, 2 + x, K.ops.add(x1=x, x2=3.0)],
        "ops.Add-tensor-constant": lambda K, x: x + K.ops.convert_to_tensor(ROW),
        "ops.Add-tensors": lambda K, x: x + x * x,
        "ops.Add-column": lambda K, x: x[:, :, :1] + ROW,
        "ops.Subtract": lambda K, x: [x - 1, 1 - x],
        "ops.Subtract-whole": lambda K, x: x - CUBE[None, :, :, 0],
        "ops.Subtract-tensors": lambda K, x: x - K.ops.mean(x, axis=1, keepdims=True),
        "ops.Multiply-number": lambda K, x: [3 * x, x * -0.5],
        "ops.Multiply-row": lambda K, x: x * ROW,
        "ops.Multiply-column": lambda K, x: x * COLUMN,
        "ops.Multiply-that-repeats": lambda K, x: x[:, :1] * COLUMN,
        "ops.TrueDivide": lambda K, x: [x / 2, 3 / x],
        "ops.TrueDivide-row": lambda K, x: x / ROW,
        "ops.Divide": lambda K, x: K.ops.divide(ROW, x),
        "ops.Divide-tensors": lambda K, x: K.ops.divide(x, 1 + K.ops.abs(x)),
        "ops.Negative": lambda K, x: -x,
        "ops.Maximum": lambda K, x: [K.ops.maximum(x, 0.0), K.ops.maximum(0.5, x)],
        "ops.Maximum-tensors": lambda K, x: K.ops.maximum(x, -2 * x),
        "ops.Minimum": lambda K, x: K.ops.minimum(x, ROW),
        "ops.Power": lambda K, x: [x**1, x**2, x**3, x**-1, x**-2],
        "ops.Power-root": lambda K, x: [K.ops.power(K.ops.abs(x), p) for p in (0.5, -0.5)],
        "ops.Power-of-number": lambda K, x: K.ops.power(2.0, K.ops.tanh(x)),
        "ops.ZerosLike": lambda K, x: K.ops.zeros_like(x),
        "ops.OnesLike": lambda K, x: K.ops.ones_like(x) * x,
        "ops.Matmul": lambda K, x: [x @ MATRIX, K.ops.matmul(x, MATRIX)],
        "ops.Dot": lambda K, x: K.ops.dot(x, MATRIX),
        "ops.Tensordot": lambda K, x: [
            K.ops.tensordot(x, MATRIX, axes=1),
            K.ops.tensordot(x, CUBE, axes=2),
            K.ops.tensordot(x, MATRIX.T, axes=[[2], [1]]),
        ],
        "ops.Einsum": lambda K, x: [
            K.ops.einsum("bij,jk->bik", x, MATRIX),
            K.ops.einsum("bij,kj->bki", x, MATRIX.T),
        ],
    },
)
PARTS = Together(
    (7, 6),
    {
        "ops.GetItem": lambda K, x: [x[:, 0], x[:, -1], x[..., 0], x[:, 2, 3:5]],
        "ops.GetItem-slice": lambda K, x: [x[:, 1:3, ::-1], x[:, ::3, -2:], x[:, 5:1:-2]],
        "ops.GetItem-new-axis": lambda K, x: [x[:, None, :, 0:2], x[..., None]],
        "ops.GetItem-value": lambda K, x: x[:, 1, 2],
        "ops.Slice": lambda K, x: K.ops.slice(x, (0, 1, 2), (5, 2, 2)),
        "ops.Take": lambda K, x: [K.ops.take(x, 0, axis=1), K.ops.take(x, [2, 0, -1], axis=-1)],
        "ops.Flip": lambda K, x: [K.ops.flip(x, axis=1), K.ops.flip(x, axis=(1, 2))],
        "ops.Roll": lambda K, x: [K.ops.roll(x, 2, axis=1), K.ops.roll(x, -1, axis=2)],
        "ops.Split": lambda K, x: [
            *K.ops.split(x, 2, axis=-1),
            *K.ops.split(x, [1, 4], axis=-1),
            K.ops.split(x, 7, axis=1)[1],
        ],
        "ops.ArraySplit": lambda K, x: K.ops.array_split(x, 4, axis=1),
        "ops.Unstack": lambda K, x: K.ops.unstack(x, axis=1)[2:4],
        "ops.Concatenate": lambda K, x: [
            K.ops.concatenate([x, x * 2], axis=-1),
            K.ops.concatenate([x, x * 2], axis=1),
        ],
        "ops.Hstack": lambda K, x: K.ops.hstack([x, x[:, :2]]),
        "ops.Stack": lambda K, x: [K.ops.stack([x, 2 * x], axis=axis) for axis in (1, 2, -1)],
    },
)
SHAPES = Together(
    (7, 6),
    {
        "ops.Reshape": lambda K, x: [
            K.ops.reshape(x, (-1, 42)),
            K.ops.reshape(x, (-1, 3, 14)),
        ],
        "ops.Transpose": lambda K, x: K.ops.transpose(x, (0, 2, 1)),
        "ops.Swapaxes": lambda K, x: K.ops.swapaxes(x, 1, 2),
        "ops.Moveaxis": lambda K, x: K.ops.moveaxis(K.ops.expand_dims(x, 1), 1, -1),
        "ops.ExpandDims": lambda K, x: [K.ops.expand_dims(x, axis) for axis in (1, -1, (1, 3))],
        "ops.Squeeze": lambda K, x: [
            K.ops.squeeze(x[:, None], 1),
            K.ops.squeeze(x[..., None]),
        ],
        "ops.Repeat": lambda K, x: K.ops.repeat(x, 3, axis=1),
        "ops.Tile": lambda K, x: [
            K.ops.tile(x, repeats) for repeats in ((1, 3, 2), (2,), (1, 1, 1))
        ],
        "ops.BroadcastTo": lambda K, x: K.ops.broadcast_to(x[:, None], (5, 3, 7, 6)),
        "ops.Pad": lambda K, x: [
            K.ops.pad(x, [[0, 0], [1, 2], [0, 0]]),
            K.ops.pad(x, [[0, 0], [1, 2], [0, 3]], constant_values=2.0),
        ],
        "ops.Cast": lambda K, x: K.ops.cast(x, "float32"),
        "ops.StopGradient": lambda K, x: K.ops.stop_gradient(x) * 2,
        "ops.Sum": lambda K, x: K.ops.sum(x, axis=-1),
        "ops.Mean": lambda K, x: K.ops.mean(x, axis=(1, 2), keepdims=True),
        "ops.Average": lambda K, x: K.ops.average(x, axis=1),
        "ops.Max": lambda K, x: [K.ops.max(x, axis=1), K.ops.amax(x, axis=2)],
        "ops.Min": lambda K, x: [K.ops.min(x, axis=-1, keepdims=True), K.ops.amin(x, axis=1)],
        "ops.Sum-to-one-value": lambda K, x: K.ops.sum(x, axis=(1, 2)),
        "values-of-showers": lambda K, x: [
            x / K.ops.expand_dims(K.ops.sum(K.ops.abs(x) + 1, axis=(1, 2)), (1, 2)),
            (K.ops.sum(x, axis=(1, 2)) * 2.0 + K.ops.max(x, axis=(1, 2)))[:, None],
            K.ops.stack([x[:, 0, 0], x[:, 1, 1]], axis=-1),
            K.ops.reshape(K.ops.tanh(x[:, 0, 0]), (-1, 1)),
            K.ops.expand_dims(K.ops.squeeze(x[:, :1, 0], 1), 1),
        ],
    },
)
GROUPS = (ARITHMETIC, PARTS, SHAPES)


# of Keras' own tensordot
@pytest.mark.filterwarnings("ignore:NotImplemented should not be used in a boolean context")
@pytest.mark.parametrize(("group", "name"), names_of(*GROUPS))
def test_operation_equals_keras(group: Together, name: str) -> None:
    group.check(name)


Apply = Callable[[Any, Any], Any]

#: what no network expresses -> a part of the message
REFUSED: dict[str, tuple[Apply, str]] = {
    "sum-over-the-batch": (lambda K, x: x - K.ops.sum(x), "the showers of a batch"),
    "mean-along-the-batch": (lambda K, x: K.ops.mean(x, axis=0, keepdims=True), "batch axis"),
    "first-shower": (lambda K, x: x[:1, :], "picks among the showers"),
    "weighted-average": (
        lambda K, x: K.ops.average(x, axis=1, weights=K.ops.ones_like(x)), "weights",
    ),
    "different-ranks": (lambda K, x: x + x[:, 0], "different numbers of axes"),
    "one-value-per-shower": (lambda K, x: x + np.ones((5, 7, 6), np.float32), "each shower"),
    "division-by-zero": (lambda K, x: x / 0.0, "divides by the constant 0"),
    "odd-power": (lambda K, x: x**2.5, "the power 2.5"),
    "power-of-negative": (lambda K, x: K.ops.power(-2.0, x), "powers of the constant -2"),
    "power-of-tensors": (lambda K, x: x**x, "not one number"),
    "matmul-of-tensors": (
        lambda K, x: K.ops.matmul(x, K.ops.transpose(x, (0, 2, 1))), "no product of a tensor with",
    ),
    "einsum-that-keeps-an-axis": (
        lambda K, x: K.ops.einsum("bij,ij->bij", x, CUBE[:, :, 0]), "no dense layer",
    ),
    "reflecting-pad": (
        lambda K, x: K.ops.pad(x, [[0, 0], [1, 1], [0, 0]], mode="reflect"), "pads by 'reflect'",
    ),
    "repeats-per-value": (lambda K, x: K.ops.repeat(x, [1, 2, 1, 1, 1, 1], axis=2), "repeats"),
    "tiled-batch": (lambda K, x: K.ops.tile(x, (2, 1, 1)), "tiles"),
    "whole-numbers": (lambda K, x: K.ops.cast(x, "int32"), "turns numbers into 'int32'"),
    "rotated-batch": (lambda K, x: K.ops.transpose(x), "moves the batch axis"),
    "flipped-batch": (lambda K, x: K.ops.flip(x, axis=0), "batch axis"),
    "cumsum": (lambda K, x: K.ops.cumsum(x, axis=1), "Cumsum are not supported"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusal_says_why(name: str, tmp_path: Path) -> None:
    apply, message = REFUSED[name]
    x = keras().layers.Input((7, 6), name="x")
    path = saved(keras().Model(x, apply(keras(), x)), tmp_path, "keras")
    with pytest.raises(CaloexportError, match=message) as caught:
        read_keras(path)
    assert caught.value.exit_code == 4
    assert "number 2 of" in str(caught.value) or "number 3 of" in str(caught.value)
