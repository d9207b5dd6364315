"""Hard shrinkage."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("hard_shrink")
def hard_shrink(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x where |x| is above the threshold, 0 elsewhere."""
    return tf.where(tf.abs(x) <= float(constants["threshold"]), tf.zeros_like(x), x)
