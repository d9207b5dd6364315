"""Weights of Keras 2 by the names that tf_keras gave them, against the same layers of Keras 3."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.arrays import Array
from tests.converters.keras_models import (
    assert_equal_to_keras,
    inputs_of,
    keras,
    keras_2_layer,
    sequential,
    write_keras_2,
)

CELL = ("kernel", "recurrent_kernel", "bias")
GRU = {"units": 3, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True}


def inner(class_name: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "config": {"name": name, "dtype": "float32", **config}}


#: layer of Keras 3, class and configuration of Keras 2, names of its weights in order
CASES: dict[str, tuple[Callable[[Any], Any], dict[str, Any], list[str]]] = {
    "GRU": (
        lambda L: L.GRU(3),
        {"reset_after": True, "implementation": 2, "time_major": False, **GRU},
        [f"layer/gru_cell_2/{name}:0" for name in CELL],
    ),
    "Bidirectional": (
        lambda L: L.Bidirectional(
            L.GRU(3, return_sequences=True),
            backward_layer=L.GRU(3, return_sequences=True, go_backwards=True),
        ),
        {
            "layer": inner("GRU", "gru_1", return_sequences=True, reset_after=True, **GRU),
            "backward_layer": inner(
                "GRU", "gru_2", return_sequences=True, reset_after=True, go_backwards=True, **GRU
            ),
            "merge_mode": "concat",
        },
        [
            f"layer/{way}/gru_cell_{k}/{name}:0"
            for k, way in enumerate(("forward_gru_1", "backward_gru_2"))
            for name in CELL
        ],
    ),
    "RNN": (
        lambda L: L.RNN([L.GRUCell(3), L.SimpleRNNCell(2)]),
        {
            "cell": inner(
                "StackedRNNCells", "stacked_rnn_cells",
                cells=[
                    inner("GRUCell", "gru_cell", reset_after=True, **GRU),
                    inner("SimpleRNNCell", "simple_rnn_cell", units=2, activation="tanh"),
                ],
            ),
        },
        [
            f"layer/stacked_rnn_cells/{cell}/{name}:0"
            for cell in ("gru_cell", "simple_rnn_cell")
            for name in CELL
        ],
    ),
    "TimeDistributed": (
        lambda L: L.TimeDistributed(L.Dense(4)),
        {"layer": inner("Dense", "dense", units=4, activation="linear", use_bias=True)},
        ["layer/kernel:0", "layer/bias:0"],
    ),
    "DepthwiseConv1D": (
        lambda L: L.DepthwiseConv1D(2),
        {"kernel_size": [2], "strides": [1], "padding": "valid", "depth_multiplier": 1},
        ["layer/depthwise_kernel:0", "layer/bias:0"],
    ),
    "Conv1DTranspose": (
        lambda L: L.Conv1DTranspose(3, 4, strides=3, padding="same"),
        {"filters": 3, "kernel_size": [4], "strides": [3], "padding": "same"},
        ["layer/kernel:0", "layer/bias:0"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_layer_of_keras_2(name: str, tmp_path: Path) -> None:
    make, config, names = CASES[name]
    model = sequential((5, 6), make(keras().layers))
    weights: dict[str, Array] = dict(zip(names, model.get_weights(), strict=True))
    start = keras_2_layer("InputLayer", "x", batch_input_shape=[None, 5, 6])
    layers = [start, keras_2_layer(name, "layer", **config)]
    whole = {"class_name": "Sequential", "config": {"name": "model", "layers": layers}}
    path = write_keras_2(tmp_path / "a.h5", whole, {"x": {}, "layer": weights})
    assert_equal_to_keras(model, read_keras(path), inputs_of(model), np.float64)
