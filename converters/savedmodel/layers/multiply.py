"""Multiply."""

from __future__ import annotations

from functools import reduce
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("multiply")
def multiply(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the product, element by element."""
    return reduce(tf.multiply, inputs)
