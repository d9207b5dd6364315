"""Leaky rectified linear unit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("leaky_relu")
def leaky_relu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x where positive, slope·x elsewhere."""
    slope = float(constants["negative_slope"])
    # the fused operator takes the maximum of x and slope·x, which is the other one above 1
    return tf.nn.leaky_relu(x, alpha=slope) if slope <= 1 else tf.where(x > 0, x, slope * x)
