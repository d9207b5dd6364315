"""Exponential linear unit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("elu")
def elu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x where not negative, α·(e^x - 1) elsewhere."""
    y = tf.nn.elu(x)
    alpha = float(constants["alpha"])
    return y if alpha == 1 else tf.where(x >= 0, x, alpha * y)
