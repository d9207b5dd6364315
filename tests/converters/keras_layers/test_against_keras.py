"""Every supported layer against Keras itself, at ordinary and at extreme values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
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
    "linear", "relu", "relu6", "leaky_relu", "elu", "celu", "selu", "gelu", "sigmoid",
    "hard_sigmoid", "log_sigmoid", "sparse_sigmoid", "tanh", "hard_tanh", "tanh_shrink",
    "hard_shrink", "soft_shrink", "hard_silu", "hard_swish", "mish", "softplus", "sparse_plus",
    "squareplus", "softsign", "softmax", "log_softmax", "swish", "silu",
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
    "PReLU": lambda L: [L.PReLU()],
    "PReLU-shared": lambda L: [L.PReLU(shared_axes=[1])],
    "PReLU-over-two-axes": lambda L: [L.Reshape((5, 1)), L.Dense(3), L.PReLU()],
    "PReLU-per-channel": lambda L: [L.Reshape((5, 1)), L.Dense(3), L.PReLU(shared_axes=[1])],
    "PReLU-per-step": lambda L: [L.Reshape((5, 1)), L.Dense(3), L.PReLU(shared_axes=[2])],
    "PReLU-one": lambda L: [L.Reshape((5, 1)), L.Dense(3), L.PReLU(shared_axes=[1, 2])],
    "Softmax": lambda L: [L.Softmax()],
    "Softmax-axis": lambda L: [L.Dense(6), L.Reshape((2, 3)), L.Softmax(axis=1)],
    "Softmax-axes": lambda L: [L.Dense(8), L.Reshape((2, 2, 2)), L.Softmax(axis=[1, -1])],
    "Activation-object": lambda L: [L.Activation(L.ReLU(max_value=6.0))],
    "Activation-glu": lambda L: [L.Dense(6), L.Activation("glu")],
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
    "Subtract": lambda L: L.Subtract(),
    "Average": lambda L: L.Average(),
    "Maximum": lambda L: L.Maximum(),
    "Minimum": lambda L: L.Minimum(),
    "Average-of-different-ranks": lambda L: (
        lambda tensors: L.Average()(
            [
                tensors[0],
                L.Reshape((2, 1, 4))(L.Dense(8)(tensors[1])),
                L.Reshape((1, 4))(tensors[0]),
            ]
        )
    ),
    "Concatenate-another-axis": lambda L: (
        lambda tensors: L.Concatenate(axis=-2)(
            [L.Reshape((2, 2))(tensors[0]), L.Reshape((1, 2))(L.Dense(2)(tensors[1]))]
        )
    ),
    "ops.Add": lambda L: lambda tensors: tensors[0] + tensors[1],
    "ops.Multiply": lambda L: lambda tensors: tensors[0] * tensors[1],
}

#: keras -> a function of tensors, for an input of four
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "activations.ReLU": lambda K, t: K.activations.relu(t, negative_slope=0.1, threshold=0.5),
    "ops.Abs": lambda K, t: K.ops.abs(t),
    "ops.Absolute": lambda K, t: abs(t),
    "ops.Celu": lambda K, t: K.activations.celu(t, alpha=0.4),
    "ops.Clip": lambda K, t: K.ops.clip(t, -1, 2.5),
    "ops.Cos": lambda K, t: K.ops.cos(t),
    "ops.Elu": lambda K, t: K.activations.elu(t, alpha=0.4),
    "ops.Erf": lambda K, t: K.ops.erf(t),
    "ops.Exp": lambda K, t: K.activations.exponential(K.ops.tanh(t)),
    "ops.Gelu": lambda K, t: K.activations.gelu(t),
    "ops.Gelu-approximate": lambda K, t: K.activations.gelu(t, approximate=True),
    "ops.Glu": lambda K, t: K.activations.glu(t),
    "ops.HardShrink": lambda K, t: K.activations.hard_shrink(t, threshold=0.2),
    "ops.HardSigmoid": lambda K, t: K.activations.hard_sigmoid(t),
    "ops.HardSilu": lambda K, t: K.ops.hard_silu(t),
    "ops.HardTanh": lambda K, t: K.activations.hard_tanh(t),
    "ops.LeakyRelu": lambda K, t: K.activations.leaky_relu(t, negative_slope=0.4),
    "ops.Log": lambda K, t: K.ops.log(K.ops.abs(t)),
    "ops.LogSigmoid": lambda K, t: K.activations.log_sigmoid(t),
    "ops.LogSoftmax": lambda K, t: K.activations.log_softmax(t),
    "ops.Reciprocal": lambda K, t: K.ops.reciprocal(t),
    "ops.Relu": lambda K, t: K.ops.relu(t),
    "ops.ReLU": lambda K, t: K.activations.relu(t, max_value=2.0),
    "ops.Relu6": lambda K, t: K.activations.relu6(t),
    "ops.Rsqrt": lambda K, t: K.ops.rsqrt(K.ops.abs(t)),
    "ops.Selu": lambda K, t: K.activations.selu(t),
    "ops.Sigmoid": lambda K, t: K.activations.sigmoid(t),
    "ops.Silu": lambda K, t: K.activations.silu(t),
    "ops.Sin": lambda K, t: K.ops.sin(t),
    "ops.SoftShrink": lambda K, t: K.activations.soft_shrink(t, threshold=0.2),
    "ops.Softmax": lambda K, t: K.activations.softmax(t),
    "ops.Softplus": lambda K, t: K.activations.softplus(t),
    "ops.Softsign": lambda K, t: K.activations.softsign(t),
    "ops.SparsePlus": lambda K, t: K.activations.sparse_plus(t),
    "ops.SparseSigmoid": lambda K, t: K.activations.sparse_sigmoid(t),
    "ops.Sqrt": lambda K, t: K.ops.sqrt(K.ops.abs(t)),
    "ops.Square": lambda K, t: K.ops.square(t),
    "ops.Squareplus": lambda K, t: K.activations.squareplus(abs(t), b=1.5),
    "ops.Tanh": lambda K, t: K.activations.tanh(t),
    "ops.TanhShrink": lambda K, t: K.activations.tanh_shrink(t),
    "ops.Threshold": lambda K, t: K.activations.threshold(t, 0.5, 0.1),
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
def test_functions_called_on_tensors(suffix: str, tmp_path: Path) -> None:
    x = keras().layers.Input((4,))
    model = keras().Model(x, [apply(keras(), x) for apply in OPERATIONS.values()])
    network = read_keras(saved(model, tmp_path, suffix))
    for scale in (1.0, 1e3):
        assert_equal_to_keras(model, network, inputs_of(model, scale))


@pytest.mark.parametrize("suffix", FORMATS)
def test_adapted_normalization(suffix: str, tmp_path: Path) -> None:
    layer = keras().layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(3.0, 2.0, size=(100, 5)))
    model = keras().Sequential([keras().layers.Input((5,)), layer])
    check(model, saved(model, tmp_path, suffix))


def check(model: Any, path: Path) -> None:
    network = read_keras(path)
    for scale in (1.0, 1e3):
        for dtype in (np.float64, np.float32):
            assert_equal_to_keras(model, network, inputs_of(model, scale), dtype)
