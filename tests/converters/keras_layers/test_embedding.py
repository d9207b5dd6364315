"""Embedding against Keras: every row of the table, in inputs of one and of two axes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.errors import UnsupportedError
from tests.converters.keras_models import (
    FORMATS,
    assert_equal_to_keras,
    keras,
    saved,
    scrambled,
    sequential,
)


@pytest.mark.parametrize("suffix", FORMATS)
def test_embedding_equals_keras(suffix: str, tmp_path: Path) -> None:
    layers = keras().layers
    geometry, words = layers.Input((1,), name="geometry"), layers.Input((2, 3), name="words")
    outputs = [
        layers.Flatten()(layers.Embedding(4, 5)(geometry)),
        layers.Embedding(4, 2, name="table")(words),
    ]
    model = scrambled(keras().Model([geometry, words], outputs))
    network = read_keras(saved(model, tmp_path, suffix))
    rng = np.random.default_rng(1)
    inputs = [np.arange(4.0)[:, None], rng.integers(0, 4, size=(4, 2, 3))]
    assert_equal_to_keras(model, network, [np.asarray(x, dtype=np.float32) for x in inputs])


def test_hidden_zeros_are_refused(tmp_path: Path) -> None:
    model = sequential(3, keras().layers.Embedding(4, 2, mask_zero=True, name="table"))
    with pytest.raises(UnsupportedError, match=r"'table'.*mask_zero=True"):
        read_keras(saved(model, tmp_path, "keras"))
