"""Swish with a piecewise linear sigmoid."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("hard_swish")
def hard_swish(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x·(x + 3)/6 between -3 and 3, 0 below and x above."""
    return x * tf.clip_by_value(x / 6 + 0.5, 0.0, 1.0)
