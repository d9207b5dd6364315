"""Continuously differentiable exponential linear unit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("celu")
def celu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x where not negative, α·(e^(x/α) - 1) elsewhere."""
    alpha = float(constants["alpha"])
    return tf.where(x >= 0, x, alpha * tf.math.expm1(tf.minimum(x, 0.0) / alpha))
