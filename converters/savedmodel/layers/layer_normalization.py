"""Layer normalization."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("layer_normalization")
def layer_normalization(
    tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]
) -> Any:
    """Return the deviation from the mean over its width, scaled and shifted."""
    x = inputs[0]
    if not node.attributes.get("rms", False):
        x = x - tf.reduce_mean(x, axis=-1, keepdims=True)
    power = tf.reduce_mean(x * x, axis=-1, keepdims=True)
    width = tf.sqrt(power + float(node.attributes["epsilon"]))
    return x / width * weights["gamma"] + weights["beta"]
