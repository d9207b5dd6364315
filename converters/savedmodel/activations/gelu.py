"""Gaussian error linear unit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("gelu")
def gelu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x·Φ(x), or its tanh approximation."""
    return tf.nn.gelu(x, approximate=bool(constants["approximate"]))
