"""Architecture JSON and weights HDF5, as Keras 1 and 2 wrote them, made by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array

Weights = Mapping[str, Mapping[str, Array]]


def random(*shape: int, seed: int = 0) -> Array:
    """Draw an array, the same one for the same shape and seed."""
    values = np.random.default_rng(seed + sum(shape)).normal(size=shape)
    return np.asarray(values, dtype=np.float32)


def write_pair(
    folder: Path, architecture: Mapping[str, Any], weights: Weights, version: str | None = None
) -> tuple[Path, Path]:
    """Write arch.json and weights.h5, one group at the top for each layer.

    Args:
        architecture: class_name and config of the model.
        weights: for each layer, arrays by the name of their data set.
        version: of Keras, written into the JSON and, as Keras 2 does, into the HDF5.
    """
    import h5py

    text = dict(architecture)
    if version is not None:
        text |= {"keras_version": version, "backend": "tensorflow"}
    path = folder / "arch.json"
    path.write_text(json.dumps(text))
    stored = folder / "weights.h5"
    with h5py.File(stored, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in weights]
        if version is not None and not version.startswith("1"):
            file.attrs["keras_version"] = version
        for layer, arrays in weights.items():
            own = file.create_group(layer)
            own.attrs["weight_names"] = [name.encode() for name in arrays]
            for name, array in arrays.items():
                own.create_dataset(name, data=array)
    return path, stored


def keras_1_layer(class_name: str, name: str, **config: Any) -> dict[str, Any]:
    """Return a layer of a Sequential as Keras 1 writes it."""
    return {"class_name": class_name, "config": {"name": name, "trainable": True, **config}}


def keras_1_sequential(n_in: int, *layers: dict[str, Any]) -> dict[str, Any]:
    """Return a Sequential of Keras 1: a bare list, the first layer knows the shape."""
    layers[0]["config"] |= {"batch_input_shape": [None, n_in], "input_dtype": "float32"}
    return {"class_name": "Sequential", "config": list(layers)}


def keras_1_model(layers: list[dict[str, Any]], inputs: list[str], output: str) -> dict[str, Any]:
    """Return a functional model of Keras 1."""
    return {
        "class_name": "Model",
        "config": {
            "name": "model_1",
            "layers": layers,
            "input_layers": [[name, 0, 0] for name in inputs],
            "output_layers": [[output, 0, 0]],
        },
    }


def called(layer: dict[str, Any], *reads: str) -> dict[str, Any]:
    """Let a layer of a functional model read others."""
    nodes = [[[name, 0, 0] for name in reads]] if reads else []
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": nodes}
