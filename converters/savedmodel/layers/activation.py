"""Activation: one entry of the activation registry."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.layers.activation import constants_of
from caloexport.runtime.network import Node


@tensorflow_layers.register("activation")
def activation(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the node's function of its input."""
    translate = tensorflow_activations[node.attributes["function"]]
    return translate(tf, inputs[0], constants_of(node), weights)
