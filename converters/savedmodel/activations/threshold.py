"""A value of its own up to a threshold."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("threshold")
def threshold(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x above the threshold, the value elsewhere."""
    return tf.where(x <= float(constants["threshold"]), float(constants["value"]), x)
