"""Rectified linear unit with a trained slope."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("prelu")
def prelu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x where not negative, α·x elsewhere."""
    return tf.where(x < 0, weights["alpha"] * x, x)
