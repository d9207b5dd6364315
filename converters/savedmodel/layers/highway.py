"""Highway."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.inner_activation import inner_activation
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("highway")
def highway(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return c·act(x·Wt + bt) + (1 - c)·x, with c = σ(x·Wc + bc)."""
    (x,) = inputs
    carry = tf.sigmoid(tf.matmul(x, weights["carry_kernel"]) + weights["carry_bias"])
    mapped = tf.matmul(x, weights["transform_kernel"]) + weights["transform_bias"]
    transform = inner_activation(tf, node.attributes["activation"], mapped)
    return carry * transform + (1 - carry) * x
