"""Softmax over all units."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("softmax")
def softmax(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return softmax over the last axis."""
    return tf.nn.softmax(x, axis=-1)
