"""Piecewise linear sigmoid."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("hard_sigmoid")
def hard_sigmoid(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return slope·x + 1/2 clipped to [0, 1]."""
    return tf.clip_by_value(float(constants["slope"]) * x + 0.5, 0.0, 1.0)
