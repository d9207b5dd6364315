"""From Keras to every target: each layer kind and activation, saved by Keras, against the artifact.

The file that a target writes of it is executed from disk by the format's own engine and compared
with what Keras itself computes, over inputs of every size. ``pytest -s`` shows every worst
difference; reports carry them as properties.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import caloexport.converters.engines  # noqa: F401  # registers the engines
from caloexport.converters.export import reference_vectors, rewritten_for
from caloexport.converters.keras_files.read import read_keras
from caloexport.converters.keras_layers.activation_functions import FUNCTIONS
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.layers import layers
from caloexport.runtime.tolerance import compare
from tests.converters.keras_models import keras, saved, scrambled

SHOWERS = 8
#: kinds that no layer of Keras 2 or 3 is: only LWTNN and Keras 1 have them
NOT_IN_KERAS = {"maxout", "highway"}


def layer(name: str, *shape: int, **options: Any) -> Callable[[], Any]:
    """Return how to make the model of one layer."""

    def make() -> Any:
        x = keras().layers.Input(shape)
        return keras().Model(x, getattr(keras().layers, name)(**options)(x))

    return make


def joined(name: str) -> Callable[[], Any]:
    """Return how to make the model of a layer that reads two inputs."""

    def make() -> Any:
        inputs = [keras().layers.Input((4,)) for _ in range(2)]
        return keras().Model(inputs, getattr(keras().layers, name)()(inputs))

    return make


def operation(name: str) -> Callable[[], Any]:
    """Return how to make the model of a function of two tensors."""

    def make() -> Any:
        inputs = [keras().layers.Input((4,)) for _ in range(2)]
        away = keras().ops.add(keras().ops.abs(inputs[1]), 1.0)  # from 0, for quotients
        return keras().Model(inputs, getattr(keras().ops, name)(inputs[0], away))

    return make


#: (kind of our layer, name) -> how to make the model of Keras
MODELS: dict[tuple[str, str], Callable[[], Any]] = {
    ("add", "Add"): joined("Add"),
    ("concatenate", "Concatenate"): joined("Concatenate"),
    ("conv", "Conv1D"): layer("Conv1D", 7, 3, filters=4, kernel_size=3, padding="causal"),
    ("conv", "Conv2D"): layer("Conv2D", 5, 6, 2, filters=3, kernel_size=2, strides=2),
    ("conv", "Conv3D"): layer("Conv3D", 3, 4, 4, 2, filters=3, kernel_size=2, padding="same"),
    ("conv_transpose", "Conv1DTranspose"): layer(
        "Conv1DTranspose", 4, 3, filters=2, kernel_size=3, strides=2, padding="same"
    ),
    ("conv_transpose", "Conv2DTranspose"): layer(
        "Conv2DTranspose", 3, 4, 2, filters=3, kernel_size=3, strides=2
    ),
    ("conv_transpose", "Conv3DTranspose"): layer(
        "Conv3DTranspose", 2, 3, 2, 2, filters=2, kernel_size=2, strides=2, padding="same"
    ),
    ("dense", "Dense"): layer("Dense", 5, units=7),
    ("divide", "ops.divide"): operation("divide"),
    ("dropout", "Dropout"): layer("Dropout", 5, rate=0.5),
    ("embedding", "Embedding"): layer("Embedding", 3, input_dim=5, output_dim=2),
    ("gru", "GRU"): layer("GRU", 5, 4, units=3, return_sequences=True),
    ("gru", "GRU as LWTNN has it"): layer("GRU", 5, 4, units=3, reset_after=False),
    ("layer_normalization", "LayerNormalization"): layer("LayerNormalization", 6),
    ("lstm", "LSTM"): layer("LSTM", 5, 4, units=3),
    ("maximum", "Maximum"): joined("Maximum"),
    ("minimum", "Minimum"): joined("Minimum"),
    ("multiply", "Multiply"): joined("Multiply"),
    ("normalization", "BatchNormalization"): layer("BatchNormalization", 6),
    ("pad", "ZeroPadding1D"): layer("ZeroPadding1D", 4, 2, padding=2),
    ("permute", "Permute"): layer("Permute", 3, 4, dims=(2, 1)),
    ("reduce", "GlobalAveragePooling2D"): layer("GlobalAveragePooling2D", 3, 4, 2),
    ("reshape", "Reshape"): layer("Reshape", 6, target_shape=(2, 3)),
    ("simple_rnn", "SimpleRNN"): layer("SimpleRNN", 5, 4, units=3),
    ("slice", "Cropping1D"): layer("Cropping1D", 6, 2, cropping=(1, 2)),
    ("subtract", "Subtract"): joined("Subtract"),
    ("upsample", "UpSampling2D"): layer("UpSampling2D", 3, 2, 2, size=(2, 3)),
    ("activation", "LeakyReLU"): layer("LeakyReLU", 6, negative_slope=0.3),
    ("activation", "PReLU"): layer("PReLU", 6),
    **{
        ("activation", name): layer("Activation", 6, activation=name)
        for name in sorted(FUNCTIONS)
        if name != "glu"  # halves its units: compared with the layers that gate
    },
}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, str]], Any]:
    folder = tmp_path_factory.mktemp("keras")

    @functools.cache
    def make(case: tuple[str, str]) -> tuple[Generator, Array, Array]:
        """Return the generator that was read, the inputs (n, n_in) and what Keras gives."""
        model = scrambled(MODELS[case]())
        network = read_keras(saved(model, folder, "keras", case[1].replace(" ", "-")))
        rng = np.random.default_rng(11)
        x = rng.normal(size=(SHOWERS, network.n_inputs)) * 10 ** rng.uniform(-1, 1, (SHOWERS, 1))
        if case[0] == "embedding":
            x = rng.integers(0, 5, x.shape)
        generator = Generator.from_network(network)
        inputs = generator.split(x.astype(np.float32))
        read = [inputs[name] for name in network.inputs]
        values = model(read if len(read) > 1 else read[0], training=False)
        return generator, x.astype(np.float32), np.asarray(values).reshape(SHOWERS, -1)

    return make


@pytest.mark.parametrize("target", [name for name in targets if name != "cpp"])
@pytest.mark.parametrize("case", MODELS, ids=" ".join)
def test_the_artifact_gives_what_keras_gives(
    case: tuple[str, str],
    target: str,
    given: Callable[[tuple[str, str]], Any],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    generator, x, expected = given(case)
    try:
        rewritten = rewritten_for(generator, target)
    except UnsupportedError as refusal:
        record_property("refused", str(refusal))
        assert "layer '" in str(refusal)
        return
    path = tmp_path / f"case{targets[target].suffix}"
    if not targets[target].suffix:
        path.mkdir()
    targets[target].write(path, rewritten, reference_vectors(rewritten))
    found = np.asarray(backends[targets[target].engine_for(rewritten.manifest)].open(path).run(x))
    # Keras computes in float32, whatever the target does
    difference = compare(found, expected, "float32")
    print(f"{' '.join(case)} in {target}: worst |Δ| = {difference.max_abs:.1e}")  # noqa: T201
    record_property("worst", difference.max_abs)
    assert difference.equal, difference


def test_every_kind_that_keras_has_is_there() -> None:
    assert {kind for kind, _ in MODELS} == set(layers) - NOT_IN_KERAS
