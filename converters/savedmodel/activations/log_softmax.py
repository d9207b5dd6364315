"""Logarithm of softmax over all units."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("log_softmax")
def log_softmax(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return the logarithm of softmax over the last axis."""
    return tf.nn.log_softmax(x, axis=-1)
