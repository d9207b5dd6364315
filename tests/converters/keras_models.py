"""Small Keras models for the tests, and the files that Keras 2 would write, made by hand."""

from __future__ import annotations

import functools
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate_all
from caloexport.runtime.tolerance import compare

FORMATS = ("keras", "h5")


@functools.cache
def keras() -> Any:
    """Import Keras, once; the caller is skipped without it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of TensorFlow's own making
        return pytest.importorskip("keras")


@functools.cache
def swish_class() -> Any:
    """Define the layer that users write for a trainable swish."""

    @keras().saving.register_keras_serializable(package="tests")
    class Swish(keras().layers.Layer):  # type: ignore[misc]
        def __init__(self, beta: float = 1.0, per_unit: bool = False, **options: Any) -> None:
            super().__init__(**options)
            self.first, self.per_unit = beta, per_unit

        def build(self, shape: Sequence[int]) -> None:
            start = keras().initializers.Constant(self.first)
            size = (shape[-1],) if self.per_unit else ()
            self.beta = self.add_weight(shape=size, initializer=start, name="beta")

        def call(self, x: Any) -> Any:
            return x * keras().ops.sigmoid(self.beta * x)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "beta": self.first, "per_unit": self.per_unit}

    return Swish


def sequential(n_in: int | tuple[int, ...], *layers: Any) -> Any:
    """Make a Sequential with scrambled weights."""
    shape = (n_in,) if isinstance(n_in, int) else n_in
    return scrambled(keras().Sequential([keras().layers.Input(shape), *layers]))


def scrambled(model: Any, seed: int = 1) -> Any:
    """Give every weight a random value, variances a positive one."""
    rng = np.random.default_rng(seed)
    weights = []
    for weight in model.weights:
        value = rng.normal(size=weight.shape)
        positive = weight.name in ("moving_variance", "variance")
        weights.append(np.abs(value) + 0.1 if positive else value)
    model.set_weights([np.asarray(w, dtype=np.float32) for w in weights])
    return model


def saved(model: Any, folder: Path, suffix: str, name: str = "model") -> Path:
    """Save a model as ``.keras`` or ``.h5``."""
    path = folder / f"{name}.{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras calls .h5 a legacy format
        model.save(path)
    return path


def inputs_of(model: Any, scale: float = 1.0, n: int = 5) -> list[Array]:
    """Draw inputs of a model."""
    rng = np.random.default_rng(7)
    shapes = [(n, *tensor.shape[1:]) for tensor in model.inputs]
    return [(scale * rng.normal(size=shape)).astype(np.float32) for shape in shapes]


def assert_equal_to_keras(
    model: Any, network: Network, inputs: Sequence[Array], dtype: Any = np.float64
) -> None:
    """Compare all outputs of the reference with Keras' own, by the float32 row of the table."""
    found = evaluate_all(network, dict(zip(network.inputs, inputs, strict=True)), dtype)
    expected = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    outputs = expected if isinstance(expected, (list, tuple)) else [expected]
    assert len(outputs) == len(network.outputs)
    for name, output in zip(network.outputs, outputs, strict=True):
        value = np.asarray(output)
        flat = value.reshape(len(value), -1)
        assert found[name].shape == value.shape
        difference = compare(found[name].reshape(flat.shape), flat, "float32")
        assert difference.equal, f"{name}: {difference}"


def write_keras_2(
    path: Path,
    config: Mapping[str, Any],
    weights: Mapping[str, Mapping[str, Array]],
    version: str | None = "2.15.0",
) -> Path:
    """Write an ``.h5`` as Keras 2.15 does.

    Args:
        config: of the model.
        weights: for each layer of the outermost model, arrays by ``layer/kernel:0``.
        version: None leaves it out.
    """
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(config)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = list(weights)
        if version is not None:
            file.attrs["keras_version"] = version
            group.attrs["keras_version"] = version
        for layer, arrays in weights.items():
            own = group.create_group(layer)
            own.attrs["weight_names"] = list(arrays)
            for name, array in arrays.items():
                own.create_dataset(name, data=array)
    return path


def keras_2_layer(class_name: str, name: str, *reads: Any, **config: Any) -> dict[str, Any]:
    """Return a layer as Keras 2.15 writes it; ``reads`` are calls, each a list of references."""
    return {
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": "float32", **config},
        "name": name,
        "inbound_nodes": list(reads),
    }
