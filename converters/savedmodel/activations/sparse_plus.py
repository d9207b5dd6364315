"""Sparse plus, a rectifier with a parabola."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("sparse_plus")
def sparse_plus(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return 0 up to -1, (x + 1)²/4 up to 1, x above."""
    inside = tf.clip_by_value(x, -1.0, 1.0)
    return tf.where(x >= 1, x, tf.square(inside + 1) / 4)
