"""Permute."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("permute")
def permute(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the transposed values, the batch axis left in front."""
    return tf.transpose(inputs[0], [0, *(axis + 1 for axis in node.attributes["order"])])
