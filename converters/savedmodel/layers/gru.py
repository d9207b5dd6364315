"""Gated recurrent unit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.unrolled_operators import TensorFlowOperators
from caloexport.converters.unrolled import unrolled
from caloexport.runtime.network import Node


@tensorflow_layers.register("gru")
def gru(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the outputs, every step written out."""
    operators = TensorFlowOperators(tf, weights)
    return unrolled(operators, node, inputs[0], inputs[0].shape[1])
