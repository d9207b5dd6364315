"""Remake the files of Keras 2: small networks of our own, saved by the real library.

    python tests/golden/keras_2/make.py          # in an environment with a Keras 2

Writes a folder that is called after the version. Those here are of ``tensorflow-cpu==2.13.1``
(Keras 2.13.1, whose .keras files count layers with weights twice) and of ``tf_keras`` 2.21, the
continuation of Keras 2.15 with its layout. ``tests/converters/keras_files/test_golden_keras_2.py``
reads them.
"""

from __future__ import annotations

import importlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
CASES, STEPS = 3, 6


def library() -> Any:
    """Import tf_keras, or the Keras 2 of an old TensorFlow."""
    try:
        return importlib.import_module("tf_keras")
    except ImportError:
        return importlib.import_module("keras")


keras = library()
layers = keras.layers


def decoder() -> Any:
    """Two inputs, a nested model called twice, and what Keras 2 means by hard_sigmoid."""
    z, energy = layers.Input((4,), name="z"), layers.Input((2,), name="energy")
    x = layers.Concatenate()([z, energy])
    x = layers.LeakyReLU(0.1)(layers.BatchNormalization()(layers.Dense(5)(x)))
    gate = layers.Dense(5, activation="hard_sigmoid")(x)
    start = layers.Input((5,))
    inner = keras.Model(start, layers.Dense(5, activation="tanh")(start), name="inner")
    x = inner(layers.Add()([inner(x), gate]))
    cells = layers.Dense(3, use_bias=False, activation="swish", name="cells")(x)
    return keras.Model([z, energy], cells, name="decoder")


def sequential() -> Any:
    """No InputLayer in the list, and two layers of one class."""
    return keras.Sequential(
        [
            layers.Dense(5, input_shape=(4,)),
            layers.BatchNormalization(scale=False),
            layers.ELU(0.5),
            layers.Dropout(0.1),
            layers.Dense(6, activation="softplus"),
            layers.Reshape((2, 3)),
        ],
        name="sequential",
    )


def sequence() -> Any:
    """Recurrent layers over any number of steps."""
    steps = layers.Input((None, 3), name="steps")
    x = layers.TimeDistributed(layers.Dense(4, activation="relu"))(steps)
    x = layers.Conv1D(4, 2, padding="causal", dilation_rate=2)(x)
    x = layers.GRU(5, return_sequences=True)(x)
    x = layers.LSTM(4, return_sequences=True, recurrent_activation="hard_sigmoid")(x)
    x = layers.Concatenate()([layers.SimpleRNN(3)(x), layers.GRU(3, reset_after=False)(x)])
    return keras.Model(steps, layers.Dense(2)(x), name="sequence")


def main() -> None:
    """Write each model whole, its architecture, and its weights in both forms."""
    folder = HERE / keras.__version__
    folder.mkdir(exist_ok=True)
    expected = {}
    models: list[Callable[[], Any]] = [decoder, sequential, sequence]
    for make in models:
        model, name = make(), make.__name__
        random = np.random.RandomState(len(expected))
        values = [random.normal(scale=0.5, size=w.shape) for w in model.get_weights()]
        for k, weight in enumerate(model.weights):
            if "variance" in weight.name:
                values[k] = np.abs(values[k]) + 0.1
        model.set_weights([np.asarray(value, dtype="f4") for value in values])
        inputs = [
            random.normal(size=(CASES, *(n or STEPS for n in tensor.shape[1:]))).astype("f4")
            for tensor in model.inputs
        ]
        outputs = np.asarray(model(inputs if len(inputs) > 1 else inputs[0]))
        expected[name] = {"inputs": [x.tolist() for x in inputs], "outputs": outputs.tolist()}
        save(model, folder, name)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def save(model: Any, folder: Path, name: str) -> None:
    """Save a model in every form; the archive is packed anew, as Keras stores it uncompressed."""
    path = folder / f"{name}.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
    (folder / f"{name}.json").write_text(model.to_json() + "\n")
    model.save_weights(folder / f"{name}.h5")


if __name__ == "__main__":
    main()
