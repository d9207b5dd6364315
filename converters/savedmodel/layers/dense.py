"""Dense."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("dense")
def dense(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the product with the kernel plus the bias."""
    return tf.nn.bias_add(tf.matmul(inputs[0], weights["kernel"]), weights["bias"])
