"""Reshape."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("reshape")
def reshape(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the values in another shape, the batch axis left open."""
    return tf.reshape(inputs[0], (-1, *node.attributes["shape"]))
