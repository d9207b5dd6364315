"""Keras models for the tests of Keras' own exporter, most of which our reader refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.converters.keras_models import keras, saved, scrambled

#: layers of an input -> its shape and what is made of it
MODELS: dict[str, tuple[tuple[int, ...], Callable[[Any, Any], Any]]] = {
    "attention": ((12,), lambda L, x: attended(L, L.Reshape((3, 4))(x))),
    "self-attention": ((3, 4), lambda L, x: L.Attention()([x, x])),
    "overlapping-pools": ((7, 7, 2), lambda L, x: L.MaxPooling2D(3, strides=2)(x)),
    "bicubic": ((4, 4, 2), lambda L, x: L.UpSampling2D(2, interpolation="bicubic")(x)),
    "sort": ((5,), lambda L, x: keras().ops.sort(x, axis=1)),
    "embedding": ((2,), lambda L, x: attended(L, L.Embedding(5, 4)(x))),
    "many-outputs": ((8,), lambda L, x: keras().ops.sort(L.Dense(4100)(x), axis=1)),
}
#: what the exporter prints only, and its operator
UNTRANSLATED: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "gelu": (lambda L, x: L.Dense(3, activation="gelu")(x), "Erfc"),
    "sampling": (lambda L, x: L.Dropout(0.5)(x, training=True), "StatelessRandomUniformV2"),
}


def attended(layers: Any, x: Any) -> Any:
    return layers.MultiHeadAttention(2, 4, name="heads")(x, x)


def functional(shape: tuple[int | None, ...], build: Callable[[Any, Any], Any]) -> Any:
    """Make a Functional model with scrambled weights."""
    x = keras().layers.Input(shape, name="first")
    return scrambled(keras().Model(x, build(keras().layers, x)))


def written(name: str, folder: Path, suffix: str = "keras") -> Path:
    """Save one of the models."""
    return saved(functional(*MODELS[name]), folder, suffix)
