"""Maximum."""

from __future__ import annotations

from functools import reduce
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("maximum")
def maximum(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the largest, element by element."""
    return reduce(tf.maximum, inputs)
