"""Swish with a trained β."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("swish")
def swish(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x·σ(βx)."""
    return x * tf.sigmoid(weights["beta"] * x)
