"""Values cut at two bounds."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("clip")
def clip(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x between the bounds; infinite ones cut nothing."""
    return tf.minimum(tf.maximum(x, float(constants["minimum"])), float(constants["maximum"]))
