"""Soft shrinkage."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("soft_shrink")
def soft_shrink(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x moved towards 0 by the threshold, 0 within it."""
    step = float(constants["threshold"])
    return tf.where(x > step, x - step, tf.where(x < -step, x + step, tf.zeros_like(x)))
