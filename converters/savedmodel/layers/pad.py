"""Pad."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("pad")
def pad(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the values with a constant margin."""
    margins = [[0, 0], *node.attributes["padding"]]
    return tf.pad(inputs[0], margins, constant_values=float(node.attributes.get("value", 0)))
