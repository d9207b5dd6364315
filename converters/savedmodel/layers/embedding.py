"""Embedding."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("embedding")
def embedding(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the values with the category replaced by its row of the table."""
    x, column = inputs[0], node.attributes["column"]
    before, category, behind = tf.split(x, [column, 1, x.shape[-1] - column - 1], axis=-1)
    index = tf.cast(tf.squeeze(category, axis=-1), tf.int32)
    return tf.concat([before, tf.gather(weights["table"], index), behind], axis=-1)
