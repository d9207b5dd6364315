"""Reduce."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("reduce")
def reduce(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return sum, mean, maximum or minimum over axes; one value is still a vector."""
    function = getattr(tf, f"reduce_{node.attributes['function']}")
    axes = [axis + 1 for axis in node.attributes["axes"]]
    y = function(inputs[0], axis=axes, keepdims=node.attributes.get("keep", False))
    return y if y.shape.rank > 1 else tf.expand_dims(y, 1)
