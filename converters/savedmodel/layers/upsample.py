"""Upsample."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("upsample")
def upsample(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the values, each repeated along each axis."""
    y = inputs[0]
    for axis, factor in enumerate(node.attributes["factors"], start=1):
        if factor > 1:
            y = tf.gather(y, np.repeat(np.arange(y.shape[axis]), factor), axis=axis)
    return tf.identity(y)
