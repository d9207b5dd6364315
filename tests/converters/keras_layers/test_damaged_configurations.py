"""Configurations that no Keras writes: refused with layer and reason, whatever sizes they claim."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.errors import CaloexportError
from tests.converters.keras_models import keras_2_layer, write_keras_2

X = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
HUGE = 2**26


def piece(start: int | None, stop: int | None) -> dict[str, Any]:
    """Return a slice as Keras 3 writes it."""
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": None}}


FULL = piece(None, None)

#: class -> shape of the input, configuration, message
LAYERS: dict[str, tuple[list[int], str, dict[str, Any], str]] = {
    "no-filters": ([7, 6], "Conv1D", {"kernel_size": [3]}, "damaged: KeyError: 'filters'"),
    "negative-stride": (
        [7, 6], "AveragePooling1D", {"pool_size": [3], "strides": [-1]}, "its strides is",
    ),
    "odd-groups": (
        [7, 6], "Conv1D", {"kernel_size": [3], "filters": 4, "groups": 4}, "do not make 4 groups",
    ),
    "unknown-padding": (
        [7, 6], "AveragePooling1D", {"pool_size": [3], "padding": "full"}, "padding is 'full'",
    ),
    "wrong-rank": ([6], "UpSampling1D", {"size": 2}, "expected 2 axes"),
    "negative-margin": ([7, 6], "ZeroPadding1D", {"padding": [-1, 1]}, "expected 1 pairs"),
    "all-cropped": ([7, 6], "Cropping1D", {"cropping": [3, 4]}, "crops all of the 7 cells"),
    "no-order": ([7, 6], "Permute", {"dims": [1, 1]}, "no order of the 2 axes"),
    "no-axis": ([7, 6], "UnitNormalization", {"axis": 3}, "no axis 3 in a tensor of 3 axes"),
    "endless-vector": ([1000], "RepeatVector", {"n": 2**20}, "1.05e[+]09 values"),
    "endless-image": ([2**13, 2**13], "UpSampling1D", {"size": 100}, "values"),
    "endless-normalization": (
        [HUGE], "LayerNormalization", {"scale": False, "center": False}, "67108864 values",
    ),
    "endless-rescaling": ([HUGE], "Rescaling", {"scale": 2.0, "offset": 1.0}, "67108864 values"),
    "endless-interpolation": (
        [2**12, 1, 1], "UpSampling2D", {"size": [2, 2], "interpolation": "bilinear"},
        "4096·8192 weights",
    ),
    "negative-variance": (
        [6], "Normalization", {"mean": [0.0], "variance": [-1.0]}, "holds the variance -1",
    ),
    "no-layer-inside": ([7, 6], "TimeDistributed", {"layer": "Dense"}, "the layer inside it is"),
    "unknown-layer-inside": (
        [7, 6], "TimeDistributed", {"layer": {"class_name": "Odd", "config": {}}},
        "class Odd are not supported",
    ),
    "unknown-cell": (
        [7, 6], "RNN", {"cell": {"class_name": "Dense", "config": {"units": 3}}},
        "cell of class Dense",
    ),
    "odd-equation": ([7, 6], "EinsumDense", {"equation": "ab->ab"}, "'x,kernel->y'"),
}  # fmt: skip
#: function -> shape of the input, class, configuration, arguments, message
FUNCTIONS: dict[str, tuple[list[int], str, dict[str, Any], list[Any], str]] = {
    "endless-tile": ([7, 6], "Tile", {"repeats": [1, 10**9, 1]}, [X], "whole numbers from 1"),
    "endless-unstack": ([HUGE, 1], "Unstack", {"axis": 1}, [X], "67108864 tensors"),
    "endless-split": (
        [HUGE], "Split", {"axis": 1, "indices_or_sections": HUGE}, [X], "67108864 tensors",
    ),
    "ragged-constant": ([6], "Add", {}, [X, [[1.0], [1.0, 2.0]]], "no regular array"),
    "text": ([6], "Multiply", {}, [X, "two"], "'two', expected a number"),
    "infinity": ([6], "Add", {}, [X, float("inf")], "not finite"),
    "constant-that-does-not-fit": ([6], "Add", {}, [X, [1.0, 2.0]], "do not fit"),
    "matrix-that-does-not-fit": ([6], "Matmul", {}, [X, [[1.0]]], "does not fit"),
    "no-matrix": ([6], "Matmul", {}, [X, 2.0], "constant of shape"),
    "index-outside": ([6], "GetItem", {}, [X, [FULL, 6]], "the index 6 is outside"),
    "too-many-indices": ([6], "GetItem", {}, [X, [FULL, 0, 0]], "more entries"),
    "nothing-left": (
        [6], "GetItem", {}, [X, [FULL, piece(4, 2)]], "nothing is left",
    ),
    "large-squeeze": ([6, 2], "Squeeze", {"axis": 1}, [X], "larger than 1"),
    "mixed-showers": ([6, 2], "Reshape", {"newshape": [-1, 3]}, [X], "mixes showers"),
    "unequal-parts": (
        [7], "Split", {"axis": 1, "indices_or_sections": 2}, [X], "7 values into 2 equal",
    ),
    "deep-arguments": ([6], "Add", {}, [X, [[[[[[[[[[[[1.0]]]]]]]]]]]]], "nested without end"),
}  # fmt: skip


def refused(path: Path, message: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CaloexportError, match=message) as caught:
            read_keras(path)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
    assert caught.value.exit_code in (3, 4)
    assert "'odd" in str(caught.value)
    assert "\n" not in str(caught.value)


def write(path: Path, shape: list[int], layer: dict[str, Any], version: str) -> Path:
    start = keras_2_layer("InputLayer", "x")
    start["config"] = {"batch_shape": [None, *shape], "dtype": "float32", "name": "x"}
    config = {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": [start, layer],
            "input_layers": [["x", 0, 0]],
            "output_layers": [["odd", 0, 0]],
        },
    }
    kernel = {"kernel": np.ones((6, 2), np.float32)}
    return write_keras_2(path, config, {"x": {}, "odd": kernel}, version)


@pytest.mark.parametrize("name", LAYERS)
def test_damaged_layer(name: str, tmp_path: Path) -> None:
    shape, class_name, config, message = LAYERS[name]
    layer = keras_2_layer(class_name, "odd", [["x", 0, 0, {}]], **config)
    refused(write(tmp_path / "a.h5", shape, layer, "2.15.0"), message)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_damaged_function(name: str, tmp_path: Path) -> None:
    shape, class_name, config, arguments, message = FUNCTIONS[name]
    layer = {
        "class_name": class_name,
        "config": {"name": "odd", **config},
        "name": "odd",
        "inbound_nodes": [{"args": arguments, "kwargs": {}}],
    }
    refused(write(tmp_path / "a.h5", shape, layer, "3.12.0"), message)
