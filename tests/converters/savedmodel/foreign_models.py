"""SavedModels as other programs write them, with what they compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from tests.converters.keras_models import keras, scrambled


@dataclass(frozen=True)
class Foreign:
    """A folder and what the model in it makes of some inputs."""

    folder: Path
    inputs: Mapping[str, Array]
    expected: Array


def inputs(**sizes: int | tuple[int, ...]) -> dict[str, Array]:
    """Return reproducible inputs by name, five showers each."""
    rng = np.random.default_rng(11)
    return {
        name: rng.normal(size=(5, *(size if isinstance(size, tuple) else (size,)))).astype("f4")
        for name, size in sizes.items()
    }


def exported(model: Any, folder: Path, x: Mapping[str, Array]) -> Foreign:
    """Let Keras export a Functional or Sequential model."""
    model.export(folder, verbose=False)
    return Foreign(
        folder, x, np.asarray(model([*x.values()] if len(x) > 1 else next(iter(x.values()))))
    )


def decoder(tf: Any, folder: Path) -> Foreign:
    """Par04's decoder of four inputs, with everything that users put between its layers."""
    layers = keras().layers
    x = inputs(z=10, energy=1, angle=1, geometry=5)
    tensors = [layers.Input(value.shape[1:], name=name) for name, value in x.items()]
    h = layers.Concatenate()(tensors)
    h = layers.LeakyReLU()(layers.Dense(16)(h))
    h = layers.BatchNormalization()(h)
    h = layers.Dense(16, activation="swish")(h)
    h = layers.Dropout(0.3)(h)
    h = layers.LayerNormalization()(layers.Dense(16, activation="gelu")(h))
    h = layers.PReLU()(layers.Dense(16, activation="hard_sigmoid")(h))
    out = layers.Dense(24, activation="sigmoid")(h)
    return exported(scrambled(keras().Model(tensors, out)), folder, x)


def convolutional(tf: Any, folder: Path) -> Foreign:
    """A decoder of transposed convolutions."""
    layers = keras().layers
    z = layers.Input((8,), name="z")
    h = layers.Reshape((2, 3, 4))(layers.Dense(24)(z))
    h = layers.Conv2DTranspose(6, 3, strides=2, padding="same", activation="relu")(h)
    h = layers.BatchNormalization()(layers.UpSampling2D()(h))
    h = layers.Permute((2, 1, 3))(layers.Conv2D(3, 3, padding="same")(h))
    h = layers.Cropping2D(1)(layers.Dense(5)(h))
    out = layers.Softmax()(layers.Flatten()(h))
    return exported(scrambled(keras().Model(z, out)), folder, inputs(z=8))


def recurrent(tf: Any, folder: Path) -> Foreign:
    """Loops over the steps of a sequence."""
    layers = keras().layers
    x = layers.Input((4, 3), name="x")
    h = layers.LSTM(5, return_sequences=True)(x)
    h = layers.GRU(4, return_sequences=True)(h)
    h = layers.SimpleRNN(3, go_backwards=True)(h)
    return exported(scrambled(keras().Model(x, h)), folder, inputs(x=(4, 3)))


def subclassed_model() -> Any:
    """A decoder as people write it who subclass keras.Model."""

    class Decoder(keras().Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.hidden = keras().layers.Dense(7, activation="tanh")
            self.cells = keras().layers.Dense(4)

        def call(self, x: Any, training: bool = False) -> Any:
            return self.cells(self.hidden(x))

    model = Decoder()
    model(np.zeros((1, 5), "f4"))
    return scrambled(model)


def subclassed(tf: Any, folder: Path) -> Foreign:
    """A subclassed model that Keras exports."""
    model, x = subclassed_model(), inputs(args_0=5)
    model.export(folder, verbose=False)
    return Foreign(folder, x, np.asarray(model(x["args_0"])))


def saved_by_tensorflow(tf: Any, folder: Path) -> Foreign:
    """A subclassed model that tf.saved_model.save writes."""
    model, x = subclassed_model(), inputs(inputs=5)
    tf.saved_model.save(model, str(folder))
    return Foreign(folder, x, np.asarray(model(x["inputs"])))


def held_by_a_module(tf: Any, folder: Path) -> Foreign:
    """A Keras model as an attribute of a tf.Module: sessions, and so C++, cannot run it."""
    model, x = subclassed_model(), inputs(x=5)

    class Holder(tf.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            self.model = model

    holder = Holder()
    spec = tf.TensorSpec((None, 5), tf.float32, name="x")
    holder.call = tf.function(lambda x: {"y": model(x)}).get_concrete_function(spec)
    tf.saved_model.save(holder, str(folder), signatures=holder.call)
    return Foreign(folder, x, np.asarray(model(x["x"])))


def archived(tf: Any, folder: Path) -> Foreign:
    """An endpoint of keras.export.ExportArchive with names of its own."""
    model, x = subclassed_model(), inputs(Noise=5)
    archive = keras().export.ExportArchive()
    archive.track(model)
    spec = [tf.TensorSpec((None, 5), tf.float32, name="Noise")]
    archive.add_endpoint("serving_default", lambda Noise: {"out": model(Noise)}, spec)
    archive.write_out(str(folder), verbose=False)
    return Foreign(folder, x, np.asarray(model(x["Noise"])))


def module(tf: Any, folder: Path) -> Foreign:
    """A tf.Module with variables, a branch, several signatures and several outputs."""
    rng = np.random.default_rng(2)
    holder = tf.Module()
    holder.kernel = tf.Variable(rng.normal(size=(5, 6)).astype("f4"), name="kernel")
    holder.bias = tf.Variable(rng.normal(size=6).astype("f4"), name="bias")
    spec = tf.TensorSpec((None, 5), tf.float32, name="x")

    def call(x: Any) -> Any:
        y = x @ holder.kernel
        y = tf.nn.relu(tf.cond(tf.shape(x)[1] < 9, lambda: y + holder.bias, lambda: y))
        return {"output_2": y, "output_10": tf.tanh(y)}

    holder.call = tf.function(call).get_concrete_function(spec)
    holder.half = tf.function(lambda x: {"y": x / 2}).get_concrete_function(spec)
    signatures = {"serving_default": holder.call, "half": holder.half}
    tf.saved_model.save(holder, str(folder), signatures=signatures)
    x = inputs(x=5)
    return Foreign(folder, x, call(x["x"])["output_2"].numpy())


def embedded(tf: Any, folder: Path) -> Foreign:
    """Categories that choose rows of tables, as variables and as constants."""
    rng = np.random.default_rng(2)
    holder = tf.Module()
    holder.table = tf.Variable(rng.normal(size=(5, 3)).astype("f4"), name="table")
    other = rng.normal(size=(5, 2)).astype("f4")

    def call(x: Any) -> Any:
        first = tf.nn.embedding_lookup(holder.table, tf.cast(x[:, 0], tf.int32))
        second = tf.gather(other, tf.cast(x, tf.int64))
        return {"y": tf.concat([first, tf.reshape(second, [-1, 4])], 1)}

    spec = tf.TensorSpec((None, 2), tf.float32, name="x")
    holder.call = tf.function(call).get_concrete_function(spec)
    tf.saved_model.save(holder, str(folder), signatures=holder.call)
    x = {"x": np.array([[0, 4], [1, 3], [2, 2], [3, 0], [4, 1]], dtype="f4")}
    return Foreign(folder, x, call(x["x"])["y"].numpy())


def fixed_batch(tf: Any, folder: Path) -> Foreign:
    """A function for one shower, with its reshapes written out, in float64."""
    holder = tf.Module()
    holder.kernel = tf.Variable(np.random.default_rng(2).normal(size=(3, 4)), name="kernel")
    spec = tf.TensorSpec((1, 6), tf.float64, name="x")

    def call(x: Any) -> Any:
        pairs = tf.reshape(x, [1, 2, 3])
        return {
            "y": tf.reshape(tf.tensordot(pairs, holder.kernel, 1), [1, 8])
            + tf.ones([1, 8], "float64")
        }

    holder.call = tf.function(call).get_concrete_function(spec)
    tf.saved_model.save(holder, str(folder), signatures=holder.call)
    x = inputs(x=6)
    rows = [call(row[None].astype("f8"))["y"].numpy() for row in x["x"]]
    return Foreign(folder, x, np.concatenate(rows))


def tensorflow_1(tf: Any, folder: Path) -> Foreign:
    """A graph of sessions with both kinds of variables."""
    v1, x = tf.compat.v1, inputs(x=5)
    graph = tf.Graph()
    with graph.as_default(), v1.Session(graph=graph) as session:
        placeholder = v1.placeholder(tf.float32, (None, 5), name="x")
        with v1.variable_scope("decoder"):
            kernel = v1.get_variable("kernel", (5, 6), use_resource=False)
            bias = v1.get_variable("bias", (6,), use_resource=True)
            y = tf.nn.softplus(tf.nn.bias_add(placeholder @ kernel, bias))
        session.run(v1.global_variables_initializer())
        builder = v1.saved_model.builder.SavedModelBuilder(str(folder))
        signature = v1.saved_model.signature_def_utils.predict_signature_def(
            {"x": placeholder}, {"y": y}
        )
        builder.add_meta_graph_and_variables(
            session, ["serve"], signature_def_map={"serving_default": signature}
        )
        builder.save()
        return Foreign(folder, x, session.run(y, {placeholder: x["x"]}))


MAKE: dict[str, Callable[[Any, Path], Foreign]] = {
    make.__name__.replace("_", " "): make
    for make in (
        decoder, convolutional, recurrent, subclassed, saved_by_tensorflow, held_by_a_module,
        archived, module, embedded, fixed_batch, tensorflow_1,
    )
}  # fmt: skip
