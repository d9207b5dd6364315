"""Normalization."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("normalization")
def normalization(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return scale·x + offset."""
    return inputs[0] * weights["scale"] + weights["offset"]
