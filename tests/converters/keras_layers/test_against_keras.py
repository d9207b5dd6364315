"""Every supported layer against Keras itself, at ordinary and at extreme values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.converters.keras_layers import keras_layers
from tests.converters.keras_models import (
    FORMATS,
    assert_equal_to_keras,
    inputs_of,
    keras,
    saved,
    scrambled,
    sequential,
    swish_class,
)

ACTIVATIONS = [
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid",
    "tanh", "softplus", "softmax", "swish", "silu",
]  # fmt: skip

Make = Callable[[Any], Any]

#: keras.layers -> the layers behind an input of five
CHAINS: dict[str, Make] = {
    "Dense": lambda L: [L.Dense(4)],
    "Dense-no-bias": lambda L: [L.Dense(4, use_bias=False, activation="tanh")],
    "Dense-layer-as-activation": lambda L: [L.Dense(4, activation=L.LeakyReLU(0.07))],
    "BatchNormalization": lambda L: [L.BatchNormalization()],
    "BatchNormalization-epsilon": lambda L: [L.BatchNormalization(epsilon=0.3)],
    "BatchNormalization-no-scale": lambda L: [L.BatchNormalization(scale=False)],
    "BatchNormalization-no-center": lambda L: [L.BatchNormalization(center=False)],
    "BatchNormalization-neither": lambda L: [L.BatchNormalization(scale=False, center=False)],
    "BatchNormalization-axis": lambda L: [L.BatchNormalization(axis=1)],
    "ReLU": lambda L: [L.ReLU()],
    "ReLU-options": lambda L: [L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5)],
    "ReLU-zero": lambda L: [L.ReLU(max_value=0.0)],
    "LeakyReLU": lambda L: [L.LeakyReLU()],
    "LeakyReLU-slope": lambda L: [L.LeakyReLU(negative_slope=0.2)],
    "ELU": lambda L: [L.ELU(alpha=0.7)],
    "Softmax": lambda L: [L.Softmax()],
    "Activation-object": lambda L: [L.Activation(L.ReLU(max_value=6.0))],
    "Swish": lambda L: [swish_class()(1.5)],
    "Swish-per-unit": lambda L: [swish_class()(1.5, per_unit=True)],
    "Reshape": lambda L: [L.Dense(6), L.Reshape((3, -1)), L.Dense(2), L.Flatten()],
    "Dropout": lambda L: [L.Dropout(0.5), L.GaussianNoise(1.0), L.GaussianDropout(0.1)],
    "Dropout-others": lambda L: [L.AlphaDropout(0.5), L.ActivityRegularization(0.1)],
    "SpatialDropout": lambda L: [L.Reshape((5, 1)), L.SpatialDropout1D(0.5), L.Flatten()],
    "SpatialDropout2D": lambda L: [L.Reshape((5, 1, 1)), L.SpatialDropout2D(0.5)],
    "SpatialDropout3D": lambda L: [L.Reshape((5, 1, 1, 1)), L.SpatialDropout3D(0.5)],
    "Identity": lambda L: [L.Identity(), L.Dense(2)],
    "Rescaling": lambda L: [L.Rescaling(0.25, offset=-1.0)],
    "Rescaling-per-unit": lambda L: [L.Rescaling([1.0, 2.0, 3.0, 4.0, 5.0], offset=0.5)],
    "Normalization": lambda L: [L.Normalization(mean=[1.0] * 5, variance=[4.0] * 5)],
    "Normalization-invert": lambda L: [
        L.Normalization(mean=[1.0] * 5, variance=[4.0] * 5, invert=True)
    ],
}  # fmt: skip

MERGES: dict[str, Make] = {
    "Concatenate": lambda L: L.Concatenate(),
    "Concatenate-axis": lambda L: L.Concatenate(axis=1),
    "Add": lambda L: L.Add(),
    "Multiply": lambda L: L.Multiply(),
    "ops.Add": lambda L: lambda tensors: tensors[0] + tensors[1],
    "ops.Multiply": lambda L: lambda tensors: tensors[0] * tensors[1],
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", CHAINS)
def test_layer(name: str, suffix: str, tmp_path: Path) -> None:
    model = sequential(5, *CHAINS[name](keras().layers))
    check(model, saved(model, tmp_path, suffix))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_as_layer_and_inside_dense(name: str, tmp_path: Path) -> None:
    layers = keras().layers
    model = sequential(5, layers.Activation(name), layers.Dense(4, activation=name))
    check(model, saved(model, tmp_path, "keras"))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", MERGES)
def test_merging_layer(name: str, suffix: str, tmp_path: Path) -> None:
    layers = keras().layers
    inputs = [layers.Input((4,), name="z"), layers.Input((4,), name="conditions")]
    model = scrambled(keras().Model(inputs, MERGES[name](layers)(inputs)))
    check(model, saved(model, tmp_path, suffix))


@pytest.mark.parametrize("suffix", FORMATS)
def test_adapted_normalization(suffix: str, tmp_path: Path) -> None:
    layer = keras().layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(3.0, 2.0, size=(100, 5)))
    model = keras().Sequential([keras().layers.Input((5,)), layer])
    check(model, saved(model, tmp_path, suffix))


def test_every_handler_is_compared_with_keras() -> None:
    tested = {name.partition("-")[0] for name in (*CHAINS, *MERGES)}
    inside = {  # parts of the cases above
        "Activation", "ActivityRegularization", "AlphaDropout", "Flatten", "GaussianDropout",
        "GaussianNoise", "InputLayer", "SpatialDropout1D",
    }  # fmt: skip
    tested |= inside | {"custom.Swish"}
    assert set(keras_layers.names()) <= tested
    assert all(keras_layers[name].__doc__ for name in keras_layers)


def check(model: Any, path: Path) -> None:
    network = read_keras(path)
    for scale in (1.0, 1e3):
        for dtype in (np.float64, np.float32):
            assert_equal_to_keras(model, network, inputs_of(model, scale), dtype)
