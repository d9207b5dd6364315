"""Slice."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("slice")
def slice_(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return every step-th value of one axis."""
    axis, start, step, length = (node.attributes[k] for k in ("axis", "start", "step", "length"))
    stop = start + step * length
    part = slice(start, None if stop < 0 else stop, step)
    return inputs[0][(slice(None),) * (axis + 1) + (part,)]
