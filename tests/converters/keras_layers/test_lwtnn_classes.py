"""Classes that LWTNN's users have and Keras 2 and 3 have not: ``Sum``, ``ColumnEmbedding``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import read_keras_architecture
from caloexport.converters.keras_layers import keras_layers
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from tests.converters.keras_models import keras_2_layer
from tests.converters.old_pairs import Weights, random, write_pair


def read(folder: Path, shape: list[int], layer: dict[str, Any], weights: Weights) -> Network:
    start = keras_2_layer("InputLayer", "x", batch_input_shape=[None, *shape])
    config = {"name": "s", "layers": [start, layer]}
    model = {"class_name": "Sequential", "config": config}
    return read_keras_architecture(*write_pair(folder, model, weights, "2.4.0")).network


@pytest.mark.parametrize(
    "extra", [{}, {"module": None, "registered_name": "my>Sum"}], ids=["Sum", "custom.Sum"]
)
def test_sum_over_steps(extra: dict[str, Any], tmp_path: Path) -> None:
    layer = {**keras_2_layer("Sum", "sum"), **extra}
    x = random(6, 5, 3)
    network = read(tmp_path, [5, 3], layer, {})
    np.testing.assert_allclose(evaluate(network, {"x": x}), x.sum(axis=1), atol=1e-6)


def test_sum_of_a_vector_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=r"'sum'.*sums over the steps of \(5,\)"):
        read(tmp_path, [5], keras_2_layer("Sum", "sum"), {})


def column_embedding(**changes: Any) -> dict[str, Any]:
    config = {"input_dim": 4, "output_dim": 2, "column": 1, **changes}
    return keras_2_layer("ColumnEmbedding", "table", **config)


def test_one_variable_becomes_a_vector(tmp_path: Path) -> None:
    weights = {"table": {"table/embeddings:0": random(4, 2)}}
    network = read(tmp_path, [3], column_embedding(), weights)
    x = np.array([[0.5, 3, -1], [1.5, 0, 2]])
    expected = [[0.5, *random(4, 2)[3], -1], [1.5, *random(4, 2)[0], 2]]
    np.testing.assert_allclose(evaluate(network, {"x": x}), expected, atol=1e-6)


@pytest.mark.parametrize(("column", "message"), [(3, "column"), (-1, "column"), (None, "column")])
def test_a_variable_that_is_not_there(column: Any, message: str, tmp_path: Path) -> None:
    weights = {"table": {"table/embeddings:0": random(4, 2)}}
    with pytest.raises(InputFileError, match=message):
        read(tmp_path, [3], column_embedding(column=column), weights)


def test_a_table_of_another_shape(tmp_path: Path) -> None:
    weights = {"table": {"table/embeddings:0": random(4, 3)}}
    with pytest.raises(InputFileError, match=r"\(4, 3\), the configuration says \(4, 2\)"):
        read(tmp_path, [3], column_embedding(), weights)


@pytest.mark.parametrize("name", ["MaxoutDense", "Highway", "ColumnEmbedding", "Sum"])
def test_they_are_registered(name: str) -> None:
    assert keras_layers[name]
