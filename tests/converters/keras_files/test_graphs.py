"""Whole models against Keras: several inputs and outputs, shared layers, models inside models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.keras_files import read_keras_model
from tests.converters.keras_models import (
    FORMATS,
    assert_equal_to_keras,
    inputs_of,
    keras,
    saved,
    scrambled,
)


def par04_decoder() -> Any:
    """Four inputs that meet, then dense, activation, normalization, as Geant4's Par04 trains."""
    L = keras().layers
    inputs = [L.Input((n,), name=name) for name, n in (("z", 3), ("e", 1), ("a", 1), ("geo", 2))]
    x = L.Concatenate()(inputs)
    for width in (5, 7):
        x = L.BatchNormalization()(L.Dense(width, activation="leaky_relu")(x))
    return keras().Model(inputs, L.Dense(12, activation="sigmoid", name="voxels")(x))


def shared_layer() -> Any:
    """A layer called three times, once on its own output."""
    L = keras().layers
    x = L.Input((4,), name="x")
    shared = L.Dense(4, activation="tanh", name="shared")
    once = shared(x)
    return keras().Model(x, L.Add()([shared(once), shared(shared(once)), x]))


def nested_models() -> Any:
    """A Functional called twice with layer names of the outer model, and a Sequential in it."""
    L = keras().layers
    x, c = L.Input((4,), name="x"), L.Input((2,), name="c")
    inner_x = L.Input((4,), name="x")
    inner = keras().Model(
        inner_x, [L.Dense(3, name="a")(inner_x), L.Dense(2, name="b")(inner_x)], name="inner"
    )
    one, two = inner(L.Dense(4, name="a")(x))
    joined = L.Dense(2, name="b")(L.Concatenate()([one, two, c]))
    tail = keras().Sequential([L.Dense(3), L.BatchNormalization()], name="tail")
    return keras().Model([x, c], tail(L.Add()([joined, inner(x)[1]])))


def nested_inputs() -> Any:
    """A Functional of two inputs inside, fed crosswise; Keras 3 notes its call with two masks."""
    L = keras().layers
    inner_x, inner_c = L.Input((4,)), L.Input((2,))
    inner = keras().Model([inner_x, inner_c], L.Dense(3)(L.Concatenate()([inner_c, inner_x])))
    x, c = L.Input((2,), name="x"), L.Input((4,), name="c")
    return keras().Model([x, c], inner([L.Dense(4)(x), L.Dense(2)(c)]))


def deep_sequentials() -> Any:
    """Sequentials inside Sequentials, with nothing but Keras' own names."""
    L, S = keras().layers, keras().Sequential
    return S(
        [
            L.Input((4,)),
            S([L.Dense(3), S([L.Dense(5), L.LeakyReLU()])]),
            S([L.Dense(3), S([L.Dense(5)])]),
        ]
    )


def nested_outputs() -> Any:
    """Outputs that come straight out of two calls of a nested Functional."""
    L = keras().layers
    inner_x = L.Input((4,))
    inner = keras().Model(inner_x, [L.Dense(3)(inner_x), L.Dense(2)(inner_x)])
    x = L.Input((4,))
    hidden = L.Dense(4)(x)
    return keras().Model(x, [inner(hidden)[1], inner(x)[0], hidden])


def unused_order() -> Any:
    """Inputs declared in another order than they are used."""
    L = keras().layers
    a, b = L.Input((2,), name="a"), L.Input((3,), name="b")
    return keras().Model([b, a], L.Dense(2)(L.Concatenate()([a, b])))


def wrapped_layers_in_nested_models() -> Any:
    """Layers inside layers inside models, of the same names outside and inside."""
    L = keras().layers
    x = L.Input((5, 4), name="x")
    inner_x = L.Input((5, 4))
    hidden = L.Bidirectional(L.LSTM(2, return_sequences=True, name="lstm"), name="both")(inner_x)
    hidden = L.TimeDistributed(L.Dense(4, name="dense"), name="each")(hidden)
    inner = keras().Model(inner_x, L.LSTM(4, return_sequences=True, name="lstm")(hidden))
    y = L.LSTM(4, return_sequences=True, name="lstm")(inner(L.Dense(4, name="dense")(x)))
    return keras().Model(x, [y, inner(x)])


def shower_decoder() -> Any:
    """Latents and conditions to 9x16x5 cells by transposed convolutions, with residual sums."""
    L, ops = keras().layers, keras().ops
    z, energy = L.Input((6,), name="z"), L.Input((1,), name="energy")
    x = L.Dense(3 * 4 * 2 * 4)(L.Concatenate()([z, ops.log(ops.abs(energy) + 1.0) / 7.0]))
    x = L.LeakyReLU(0.2)(L.BatchNormalization()(L.Reshape((3, 4, 2, 4))(x)))
    x = L.Conv3DTranspose(3, 3, strides=(3, 2, 2), padding="same", activation="swish")(x)
    x = x + 0.5 * L.Conv3D(3, 3, padding="same")(x)
    x = L.Conv3D(1, (2, 1, 1), padding="same")(L.UpSampling3D((1, 2, 1))(x))
    x = L.Cropping3D(((0, 0), (0, 0), (0, 0)))(L.ZeroPadding3D(((0, 0), (0, 0), (0, 1)))(x))
    cells = ops.relu(ops.squeeze(x, axis=-1))
    total = ops.sum(cells, axis=(1, 2, 3), keepdims=True) + 1e-3
    return keras().Model([z, energy], [cells / total, ops.mean(cells, axis=(1, 2))])


MODELS: list[Callable[[], Any]] = [
    par04_decoder, shared_layer, nested_models, nested_inputs, deep_sequentials, nested_outputs,
    unused_order, wrapped_layers_in_nested_models, shower_decoder,
]  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_model_equals_keras(make: Callable[[], Any], suffix: str, tmp_path: Path) -> None:
    model = scrambled(make())
    read = read_keras_model(saved(model, tmp_path, suffix))
    assert_equal_to_keras(model, read.network, inputs_of(model))
    assert read.keras_version == keras().__version__
    assert read.format == suffix
    assert read.name == model.name


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_shared_layer_becomes_nodes_with_the_same_weights(suffix: str, tmp_path: Path) -> None:
    network = read_keras_model(saved(shared_layer(), tmp_path, suffix)).network
    nodes = [network[name] for name in ("shared", "shared_call2", "shared_call3")]
    assert len({id(node.weights["kernel"]) for node in nodes}) == 1
    assert nodes[1].inputs == ("shared_activation",)


def test_inputs_keep_their_names_and_order(tmp_path: Path) -> None:
    network = read_keras_model(saved(unused_order(), tmp_path, "keras")).network
    assert network.inputs == {"b": (3,), "a": (2,)}


def test_inputs_given_as_a_dictionary_come_in_the_order_of_keras(tmp_path: Path) -> None:
    L = keras().layers
    a, b = L.Input((2,), name="a"), L.Input((3,), name="b")
    model = keras().Model({"b": b, "a": a}, L.Dense(2)(L.Concatenate()([b, a])))
    network = read_keras_model(saved(model, tmp_path, "keras")).network
    assert list(network.inputs) == [tensor.name for tensor in model.inputs] == ["a", "b"]


def test_a_sequential_that_was_built_late_has_a_shape(tmp_path: Path) -> None:
    model = keras().Sequential([keras().layers.Dense(3)])
    model.build((None, 4))
    network = read_keras_model(saved(scrambled(model), tmp_path, "keras")).network
    assert list(network.inputs.values()) == [(4,)]
    assert_equal_to_keras(model, network, inputs_of(model))


def test_keras_and_tensorflow_are_not_imported(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = saved(par04_decoder(), tmp_path, "keras")
    program = (
        "import sys; from caloexport.converters.open import open_model; "
        f"open_model({str(path)!r}).network; "
        "sys.exit(any(m.split('.')[0] in ('keras', 'tensorflow', 'numba') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
