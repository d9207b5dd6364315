"""Squareplus."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("squareplus")
def squareplus(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return max(x, 0) + b/2/(|x| + √(x² + b)), which keeps its digits below 0."""
    b = float(constants["b"])
    if b == 0:
        return tf.nn.relu(x)
    return tf.nn.relu(x) + b / 2 / (tf.abs(x) + tf.sqrt(tf.square(x) + b))
