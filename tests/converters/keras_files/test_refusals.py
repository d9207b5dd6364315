"""Models that networks cannot express: the error names the layer, its place and the reason."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.errors import InputFileError, UnsupportedError
from tests.converters.keras_models import FORMATS, assert_equal_to_keras, keras, saved


def custom_layer() -> Any:
    @keras().saving.register_keras_serializable(package="tests")
    class Dense(keras().layers.Layer):  # type: ignore[misc]  # not Keras' own Dense
        def call(self, x: Any) -> Any:
            return x

    return Dense()


def custom_function(x: Any) -> Any:
    return x


def sequence(layers: Any, x: Any) -> Any:
    return layers.Reshape((2, 2), name="steps")(x)


#: what is done to an input of four -> what the message says
CASES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "lambda": (
        lambda L, x: L.Lambda(lambda t: t, name="odd")(x),
        r"'odd' \(Lambda\), number 3 of 3, fed by 'first'.*carries Python code",
    ),
    "unknown": (
        lambda L, x: L.CategoryEncoding(4, name="odd")(x),
        r"'odd' \(CategoryEncoding\), number 3 of 3, fed by 'first'.*supported: .*Conv1D-3D, ",
    ),
    "custom": (lambda L, x: custom_layer()(x), "class of your own"),
    "function": (
        lambda L, x: keras().ops.sort(x, axis=1),
        "function of Keras rather than a layer.*supported: .*Concatenate, Cos",
    ),
    "activation-function": (lambda L, x: keras().ops.sinc(x), "function of Keras"),
    "clip-with-arrays": (
        lambda L, x: keras().ops.clip(x, [0.0] * 4, 1.0),
        r"called with x_min = \[.*expected a number",
    ),
    "constant": (
        lambda L, x: keras().ops.concatenate([x, np.ones((1, 4), "f4")]),
        "called with .*, expected tensors alone",
    ),
    "training": (lambda L, x: L.Dropout(0.5)(x, training=True), "called with training = True"),
    "custom-activation": (lambda L, x: L.Dense(2, activation=custom_function)(x), "of your own"),
    "lambda-activation": (lambda L, x: L.Dense(2, activation=lambda t: t)(x), "of your own"),
    "unknown-activation": (
        lambda L, x: L.Dense(2, activation="sparsemax")(x),
        r"'sparsemax' is not supported.*supported: celu, elu",
    ),
    "glu-inside": (lambda L, x: L.Dense(2, activation="glu")(x), "glu, which halves the number"),
    "layer-with-weights-as-activation": (
        lambda L, x: L.Dense(2, activation=L.PReLU())(x),
        r"layer of class PReLU, whose weights are not read.*a layer of its own",
    ),
    "batch-axis": (lambda L, x: L.Concatenate(axis=0)([x, x]), "along the batch axis"),
    "softmax-axis": (lambda L, x: L.Softmax(axis=0)(x), "axis 0, across the showers of a batch"),
    "masking": (lambda L, x: L.Masking()(sequence(L, x)), "depends on the shower"),
    "mask": (
        lambda L, x: L.LSTM(2)(sequence(L, x), mask=keras().ops.cast(x[:, :2], "float32")),
        "called with mask = a tensor.*masks are not supported",
    ),
    "initial-state": (
        lambda L, x: L.GRU(2)(sequence(L, x), initial_state=x[:, :2]),
        "called with initial_state = a tensor.*start from zero",
    ),
    "return-state": (lambda L, x: L.GRU(2, return_state=True)(sequence(L, x))[0], "its last state"),
    "max-pooling-that-overlaps": (
        lambda L, x: L.MaxPooling1D(2, strides=1)(sequence(L, x)), "overlap or leave gaps",
    ),
    "bicubic": (
        lambda L, x: L.UpSampling2D(2, interpolation="bicubic")(L.Reshape((2, 2, 1))(x)),
        "interpolates by 'bicubic'",
    ),
    "time-distributed-lstm": (
        lambda L, x: L.TimeDistributed(L.LSTM(2))(L.Reshape((2, 2, 1))(x)),
        "node of kind lstm, which has no time axis",
    ),
    "time-distributed-model": (
        lambda L, x: L.TimeDistributed(keras().Sequential([L.Dense(2)]))(sequence(L, x)),
        "a model of several layers.*one by one",
    ),
    "shared-einsum-axis": (
        lambda L, x: L.EinsumDense("abc,bc->abc", output_shape=(2, 2))(sequence(L, x)),
        "no dense layer on some axes",
    ),
    "bfloat16": (lambda L, x: L.Dense(2, dtype="bfloat16")(x), "expected floating point"),
}  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_refusal_names_layer_and_reason(name: str, suffix: str, tmp_path: Path) -> None:
    apply, message = CASES[name]
    layers = keras().layers
    x = layers.Input((4,), name="x")
    model = keras().Model(x, apply(layers, layers.Dense(4, name="first")(x)))
    path = saved(model, tmp_path, suffix)
    with pytest.raises(UnsupportedError, match=message) as caught:
        read_keras(path)
    assert caught.value.exit_code == 4
    assert str(path) in str(caught.value)


def test_quantised_model_is_refused(tmp_path: Path) -> None:
    model = keras().Sequential([keras().layers.Input((4,)), keras().layers.Dense(3, name="small")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns that an input has nothing to quantise
        model.quantize("int8")
    with pytest.raises(UnsupportedError, match=r"'small'.*quantised"):
        read_keras(saved(model, tmp_path, "keras"))


def test_state_from_shower_to_shower_is_refused(tmp_path: Path) -> None:
    layers = keras().layers
    start = layers.Input(batch_shape=(3, 5, 4))
    model = keras().Sequential([start, layers.GRU(2, stateful=True, name="memory")])
    with pytest.raises(UnsupportedError, match=r"'memory'.*keeps its state.*stateful=True"):
        read_keras(saved(model, tmp_path, "keras"))


def test_open_shape_is_refused(tmp_path: Path) -> None:
    layers = keras().layers
    model = keras().Sequential([layers.Input((3, None, 4), name="x"), layers.ReLU()])
    with pytest.raises(UnsupportedError, match=r"input '.*' has the shape .*not fixed"):
        read_keras(saved(model, tmp_path, "keras"))


def test_open_number_of_steps_needs_the_option(tmp_path: Path) -> None:
    layers = keras().layers
    model = keras().Sequential([layers.Input((None, 4), name="x"), layers.LSTM(3)])
    path = saved(model, tmp_path, "keras")
    with pytest.raises(InputFileError, match=r"'x' is a sequence .* any length .*--steps N"):
        read_keras(path)
    network = read_keras(path, steps=6)
    assert network.inputs == {"x": (6, 4)}
    x = np.random.default_rng(1).normal(size=(5, 6, 4)).astype(np.float32)
    assert_equal_to_keras(model, network, [x])


def test_nothing_in_the_file_is_executed(tmp_path: Path) -> None:
    """A Lambda whose body would leave a trace is refused without leaving it."""
    trace = str(tmp_path / "trace")
    layers = keras().layers
    x = layers.Input((4,))
    model = keras().Model(x, layers.Lambda(lambda t: (os.mkdir(trace), t)[1])(x))  # noqa: PTH102
    path = saved(model, tmp_path, "keras")
    Path(trace).rmdir()  # building the model ran it once
    with pytest.raises(UnsupportedError):
        read_keras(path)
    assert not Path(trace).exists()
