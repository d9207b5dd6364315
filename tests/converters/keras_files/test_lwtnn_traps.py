"""What LWTNN's own converters get wrong or cannot do, in pairs of Keras 2 (lwtnn's tracker)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import read_keras_architecture
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from tests.converters.keras_models import keras_2_layer
from tests.converters.old_pairs import Weights, random, write_pair

X = random(6, 4)
SEQUENCE = random(6, 5, 3)


def read(
    folder: Path, shape: tuple[int, ...], layers: list[dict[str, Any]], weights: Weights
) -> Network:
    """Read a functional model of one input ``x``, whose last layer is the output."""
    start = keras_2_layer("InputLayer", "x", batch_input_shape=[None, *shape])
    graph = {
        "name": "model",
        "layers": [start, *layers],
        "input_layers": [["x", 0, 0]],
        "output_layers": [[layers[-1]["name"], 0, 0]],
    }
    model = {"class_name": "Functional", "config": graph}
    return read_keras_architecture(*write_pair(folder, model, weights, "2.10.0")).network


def on(*names: str) -> list[Any]:
    """Return a call that reads these layers."""
    return [[name, 0, 0, {}] for name in names]


def check(network: Network, x: Array, expected: Array) -> None:
    np.testing.assert_allclose(evaluate(network, {"x": x}), expected, atol=2e-6)


def test_one_activation_on_two_tensors_acts_on_both(tmp_path: Path) -> None:
    """Issue 110: one of the two was lost."""
    dense = {"units": 3, "activation": "linear", "use_bias": False}
    layers = [
        keras_2_layer("Dense", "a", on("x"), **dense),
        keras_2_layer("Dense", "b", on("x"), **dense),
        keras_2_layer("Activation", "relu", on("a"), on("b"), activation="relu"),
        keras_2_layer("Add", "sum", [["relu", 0, 0, {}], ["relu", 1, 0, {}]]),
    ]
    w, v = random(4, 3), random(4, 3, seed=1)
    weights = {"a": {"a/kernel:0": w}, "b": {"b/kernel:0": v}}
    network = read(tmp_path, (4,), layers, weights)
    check(network, X, np.maximum(X @ w, 0) + np.maximum(X @ v, 0))


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("center", [True, False])
def test_normalization_without_scale_or_offset(center: bool, scale: bool, tmp_path: Path) -> None:
    config = {"axis": [1], "epsilon": 1e-3, "center": center, "scale": scale}
    layer = keras_2_layer("BatchNormalization", "bn", on("x"), **config)
    mean, variance = random(4), np.abs(random(4, seed=1))
    stored = {"bn/moving_mean:0": mean, "bn/moving_variance:0": variance}
    gamma, beta = random(4, seed=2), random(4, seed=3)
    gamma[1] = 0  # 1/γ of LWTNN's form is infinite
    stored |= {"bn/gamma:0": gamma} if scale else {}
    stored |= {"bn/beta:0": beta} if center else {}
    y = (X - mean) / np.sqrt(variance + 1e-3) * (gamma if scale else 1) + (beta if center else 0)
    check(read(tmp_path, (4,), [layer], {"bn": stored}), X, y)


def test_flattening_a_sequence_is_no_identity(tmp_path: Path) -> None:
    layers = [
        keras_2_layer("Flatten", "flat", on("x"), data_format="channels_last"),
        keras_2_layer("Dense", "d", on("flat"), units=2, activation="linear", use_bias=True),
    ]
    weights = {"d": {"d/kernel:0": random(15, 2), "d/bias:0": random(2)}}
    network = read(tmp_path, (5, 3), layers, weights)
    check(network, SEQUENCE, SEQUENCE.reshape(6, 15) @ random(15, 2) + random(2))


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("leaky_relu", lambda x: np.where(x > 0, x, 0.2 * x)),
        ("softplus", lambda x: np.log1p(np.exp(x))),
        ("swish", lambda x: x / (1 + np.exp(-x))),
        ("elu", lambda x: np.where(x > 0, x, np.expm1(x))),
        ("exponential", np.exp),
    ],
)
def test_activations_by_name(name: str, formula: Any, tmp_path: Path) -> None:
    layer = keras_2_layer("Activation", "act", on("x"), activation=name)
    check(read(tmp_path, (4,), [layer], {}), X, formula(X.astype(float)))


def test_relu_as_a_layer(tmp_path: Path) -> None:
    """Issue 167, of the authors of FastCaloGAN: Dense, BatchNormalization, ReLU."""
    layer = keras_2_layer(
        "ReLU", "relu", on("x"), max_value=None, negative_slope=0.0, threshold=0.0
    )
    check(read(tmp_path, (4,), [layer], {}), X, np.maximum(X, 0))


@pytest.mark.parametrize("class_name", ["LSTM", "GRU", "SimpleRNN"])
def test_recurrent_layers_without_bias(class_name: str, tmp_path: Path) -> None:
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[class_name]
    config = {
        "units": 2, "activation": "tanh", "use_bias": False, "return_sequences": False,
        "recurrent_activation": "sigmoid", "reset_after": False,
    }  # fmt: skip
    w, u = random(3, 2 * gates), random(2, 2 * gates)
    place = f"r/{class_name.lower()}_cell"
    stored = {f"{place}/kernel:0": w, f"{place}/recurrent_kernel:0": u}
    plain = read(
        tmp_path, (5, 3), [keras_2_layer(class_name, "r", on("x"), **config)], {"r": stored}
    )
    biased = {**stored, f"{place}/bias:0": np.zeros(2 * gates, "f4")}
    config["use_bias"] = True
    layer = keras_2_layer(class_name, "r", on("x"), **config)
    same = read(tmp_path, (5, 3), [layer], {"r": biased})
    x = {"x": SEQUENCE}
    np.testing.assert_array_equal(evaluate(plain, x), evaluate(same, x))
    assert np.abs(evaluate(plain, x)).max() > 0.01


def test_reset_after_is_what_keras_means(tmp_path: Path) -> None:
    """The default since TensorFlow 2: LWTNN's converter cuts its bias of two rows in pieces."""
    config = {"units": 2, "activation": "tanh", "recurrent_activation": "sigmoid"}
    layer = keras_2_layer("GRU", "r", on("x"), **config, reset_after=True, use_bias=True)
    w, u, b = random(3, 6), random(2, 6), random(2, 6, seed=1)
    stored = {f"r/gru_cell/{k}:0": v for k, v in (("kernel", w), ("recurrent_kernel", u))}
    network = read(tmp_path, (5, 3), [layer], {"r": {**stored, "r/gru_cell/bias:0": b}})
    h = np.zeros((6, 2))
    for step in range(5):
        x, s = SEQUENCE[:, step] @ w + b[0], h @ u + b[1]
        z, r = (1 / (1 + np.exp(-(x[:, k : k + 2] + s[:, k : k + 2]))) for k in (0, 2))
        h = z * h + (1 - z) * np.tanh(x[:, 4:] + r * s[:, 4:])
    check(network, SEQUENCE, h)
