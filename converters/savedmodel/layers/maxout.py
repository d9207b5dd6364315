"""Maxout."""

from __future__ import annotations

from functools import reduce
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("maxout")
def maxout(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the largest of the affine maps."""
    pieces = zip(tf.unstack(weights["kernel"]), tf.unstack(weights["bias"]), strict=True)
    return reduce(tf.maximum, [tf.matmul(inputs[0], kernel) + bias for kernel, bias in pieces])
