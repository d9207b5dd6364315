"""Softmax within groups of neighbouring units."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("grouped_softmax")
def grouped_softmax(
    tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]
) -> Any:
    """Return softmax over each group; units after the last group pass."""
    groups = [int(size) for size in constants["groups"]]
    *parts, rest = tf.split(x, [*groups, x.shape[-1] - sum(groups)], axis=-1)
    return tf.concat([*(tf.nn.softmax(part, axis=-1) for part in parts), rest], axis=-1)
