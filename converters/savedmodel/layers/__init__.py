"""Layer kinds in TensorFlow: one file each.

A translation returns the tensor of a node, given TensorFlow, the node, the tensors that it reads
and those of its weights by name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from caloexport.runtime.network import Node
from caloexport.runtime.registry import Registry

Translation = Callable[[ModuleType, Node, list[Any], dict[str, Any]], Any]

tensorflow_layers: Registry[Translation] = Registry(
    "layer kind of TensorFlow",
    "caloexport.converters.savedmodel.layers",
    "caloexport.tensorflow_layers",
)
