"""Concatenate."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.layers.concatenate import joined_axis
from caloexport.runtime.network import Node


@tensorflow_layers.register("concatenate")
def concatenate(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the inputs side by side; TensorFlow counts the batch as an axis."""
    axis = joined_axis(node, inputs[0].shape[1:])
    return tf.concat(inputs, axis=axis + 1)
