"""Models that networks cannot express: the error names the layer, its place and the reason."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.errors import InputFileError, UnsupportedError
from tests.converters.keras_models import FORMATS, keras, saved


def custom_layer() -> Any:
    @keras().saving.register_keras_serializable(package="tests")
    class Dense(keras().layers.Layer):  # type: ignore[misc]  # not Keras' own Dense
        def call(self, x: Any) -> Any:
            return x

    return Dense()


def custom_function(x: Any) -> Any:
    return x


def concatenated(tensor: Any) -> Any:
    return keras().ops.concatenate([tensor, tensor])


#: what is done to an input of four -> what the message says
CASES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "lambda": (
        lambda L, x: L.Lambda(lambda t: t, name="odd")(x),
        r"'odd' \(Lambda\), number 3 of 3, fed by 'first'.*carries Python code",
    ),
    "unknown": (
        lambda L, x: L.UnitNormalization(name="odd")(x),
        r"'odd' \(UnitNormalization\), number 3 of 3, fed by 'first'.*supported: .*Dense, Dropout",
    ),
    "custom": (lambda L, x: custom_layer()(x), "class of your own"),
    "function": (lambda L, x: concatenated(x), "function of Keras rather than a layer"),
    "activation-function": (lambda L, x: keras().ops.sinc(x), "function of Keras"),
    "clip-with-arrays": (
        lambda L, x: keras().ops.clip(x, [0.0] * 4, 1.0),
        r"called with x_min = \[.*expected a number",
    ),
    "constant": (lambda L, x: x * 2.0, "called with 2.0, expected tensors alone"),
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
    "normalization-axis": (
        lambda L, x: L.BatchNormalization(axis=1)(L.Reshape((2, 2))(x)),
        r"normalises axis 1, only the last",
    ),
    "softmax-axis": (lambda L, x: L.Softmax(axis=0)(x), "axis 0, across the showers of a batch"),
    "concatenate-axis": (
        lambda L, x: L.Concatenate(axis=1)([L.Reshape((2, 2))(x), L.Reshape((2, 2))(x)]),
        "joins along axis 1",
    ),
    "add-of-different-ranks": (lambda L, x: L.Add()([x, L.Reshape((1, 4))(x)]), "numbers of axes"),
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


def test_open_shape_is_refused(tmp_path: Path) -> None:
    layers = keras().layers
    model = keras().Sequential([layers.Input((3, None, 4), name="x"), layers.ReLU()])
    with pytest.raises(UnsupportedError, match=r"input '.*' has the shape .*not fixed"):
        read_keras(saved(model, tmp_path, "keras"))


def test_open_number_of_steps_is_asked_for(tmp_path: Path) -> None:
    layers = keras().layers
    model = keras().Sequential([layers.Input((None, 4), name="x"), layers.Dense(3)])
    path = saved(model, tmp_path, "keras")
    with pytest.raises(InputFileError, match=r"'x' is a sequence .* any length .*--steps N"):
        read_keras(path)
    assert read_keras(path, steps=7).inputs == {"x": (7, 4)}


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
