"""What the hyperbolic tangent takes away."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("tanh_shrink")
def tanh_shrink(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x - tanh x."""
    return x - tf.tanh(x)
