"""Recurrent layers of Keras 1: one matrix per gate, or (consume_less="gpu") all in one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import read_keras_architecture
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from tests.converters.old_pairs import keras_1_layer, random, write_pair

N_IN, UNITS, STEPS = 3, 4, 5
X = np.random.default_rng(3).normal(size=(6, STEPS, N_IN)).astype(np.float32)


def gate(x: Array) -> Array:
    """Return the hard sigmoid of Keras 1 and 2."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def weights(gates: str) -> dict[str, Array]:
    """Return W, U and b of each gate."""
    shapes = {"W": (N_IN, UNITS), "U": (UNITS, UNITS), "b": (UNITS,)}
    return {
        f"{kind}_{one}": random(*shape, seed=10 * k)
        for k, one in enumerate(gates)
        for kind, shape in shapes.items()
    }


def lstm(w: dict[str, Array]) -> Array:
    h = c = np.zeros((len(X), UNITS))
    states = []
    for step in range(STEPS):
        x = X[:, step]
        i, f, o = (gate(x @ w[f"W_{k}"] + h @ w[f"U_{k}"] + w[f"b_{k}"]) for k in "ifo")
        c = f * c + i * np.tanh(x @ w["W_c"] + h @ w["U_c"] + w["b_c"])
        h = o * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def gru(w: dict[str, Array], values: Array = X) -> Array:
    h, states = np.zeros((len(X), UNITS)), []
    for step in range(STEPS):
        x = values[:, step]
        z, r = (gate(x @ w[f"W_{k}"] + h @ w[f"U_{k}"] + w[f"b_{k}"]) for k in "zr")
        h = z * h + (1 - z) * np.tanh(x @ w["W_h"] + (r * h) @ w["U_h"] + w["b_h"])
        states.append(h)
    return np.stack(states, axis=1)


def simple(w: dict[str, Array]) -> Array:
    h, states = np.zeros((len(X), UNITS)), []
    for step in range(STEPS):
        h = np.tanh(X[:, step] @ w["W_h"] + h @ w["U_h"] + w["b_h"])
        states.append(h)
    return np.stack(states, axis=1)


#: class -> gates in the order of Keras 2, formula
CELLS = {"LSTM": ("ifco", lstm), "GRU": ("zrh", gru), "SimpleRNN": ("h", simple)}


def read(folder: Path, layers: list[dict[str, Any]], stored: Any, **options: Any) -> Network:
    layers[0]["config"] |= {"batch_input_shape": [None, None, N_IN], "input_dtype": "float32"}
    model = {"class_name": "Sequential", "config": layers}
    pair = write_pair(folder, model, stored, "1.2.2")
    return read_keras_architecture(*pair, steps=STEPS, **options).network


def cell(class_name: str, **config: Any) -> dict[str, Any]:
    inner = {} if class_name == "SimpleRNN" else {"inner_activation": "hard_sigmoid"}
    options = {"output_dim": UNITS, "activation": "tanh", "go_backwards": False, "stateful": False}
    return keras_1_layer(class_name, "cell_1", **options, **inner, **config)


@pytest.mark.parametrize("whole", [True, False], ids=["gpu", "cpu"])
@pytest.mark.parametrize("sequences", [True, False])
@pytest.mark.parametrize("class_name", CELLS)
def test_recurrent(class_name: str, sequences: bool, whole: bool, tmp_path: Path) -> None:
    gates, formula = CELLS[class_name]
    w = weights(gates)
    stored = dict(w)
    if whole or class_name == "SimpleRNN":
        stored = {
            kind: np.concatenate([w[f"{kind}_{one}"] for one in gates], axis=-1) for kind in "WUb"
        }
    named = {f"cell_1_{name}": array for name, array in stored.items()}
    layer = cell(class_name, return_sequences=sequences)
    network = read(tmp_path, [layer], {"cell_1": named})
    expected = formula(w) if sequences else formula(w)[:, -1]
    found = evaluate(network, {next(iter(network.inputs)): X})
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_dense_inside_time_distributed(tmp_path: Path) -> None:
    """Its weights carry the name of the layer inside."""
    inner = keras_1_layer("Dense", "dense_7", output_dim=2, activation="tanh", bias=True)
    layer = keras_1_layer("TimeDistributed", "timedistributed_1", layer=inner)
    stored = {"dense_7_W": random(N_IN, 2), "dense_7_b": random(2)}
    network = read(tmp_path, [layer], {"timedistributed_1": stored})
    found = evaluate(network, {next(iter(network.inputs)): X})
    np.testing.assert_allclose(found, np.tanh(X @ random(N_IN, 2) + random(2)), atol=1e-6)


def test_both_directions_have_weights_of_their_own(tmp_path: Path) -> None:
    names, stored, halves = ("forward_cell_1", "backward_cell_1"), {}, []
    for k, name in enumerate(names):
        w = {key: array + k for key, array in weights("zrh").items()}
        stored |= {f"{name}_{key}": array for key, array in w.items()}
        halves.append(gru(w, X[:, ::-1] if k else X)[:, -1])
    layer = keras_1_layer("Bidirectional", "bidirectional_1", merge_mode="concat")
    layer["config"]["layer"] = cell("GRU", return_sequences=False)
    network = read(tmp_path, [layer], {"bidirectional_1": stored})
    found = evaluate(network, {next(iter(network.inputs)): X})
    np.testing.assert_allclose(found, np.concatenate(halves, axis=-1), atol=1e-6)


def test_embedding_of_every_step(tmp_path: Path) -> None:
    config = {"input_dim": 7, "output_dim": 2, "batch_input_shape": [None, STEPS]}
    model = {"class_name": "Sequential", "config": [keras_1_layer("Embedding", "e_1", **config)]}
    pair = write_pair(tmp_path, model, {"e_1": {"e_1_W": random(7, 2)}}, "1.2.2")
    network = read_keras_architecture(*pair).network
    x = np.random.default_rng(0).integers(0, 7, (6, STEPS))
    found = evaluate(network, {next(iter(network.inputs)): x})
    np.testing.assert_allclose(found, random(7, 2)[x], atol=1e-7)


def test_masks_are_left_out_where_every_step_counts(tmp_path: Path) -> None:
    w = weights("zrh")
    layers = [
        keras_1_layer("Masking", "masking_1", mask_value=0.0),
        cell("GRU", return_sequences=False),
    ]
    stored = {"cell_1": {f"cell_1_{name}": array for name, array in w.items()}}
    network = read(tmp_path, layers, stored, all_steps_real=True)
    found = evaluate(network, {next(iter(network.inputs)): X})
    np.testing.assert_allclose(found, gru(w)[:, -1], atol=1e-6)
