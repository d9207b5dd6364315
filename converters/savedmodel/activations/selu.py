"""Scaled exponential linear unit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("selu")
def selu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return SCALE·elu(x, ALPHA)."""
    return tf.nn.selu(x)
