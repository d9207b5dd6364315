"""Convolution."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("conv")
def conv(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the convolution of the padded values, group by group."""
    # CPU kernels know neither groups nor, with all of strides and dilation, other padding
    x = tf.pad(inputs[0], [[0, 0], *node.attributes["padding"], [0, 0]])
    groups = node.attributes["groups"]
    pairs = zip(
        tf.split(x, groups, axis=-1), tf.split(weights["kernel"], groups, axis=-1), strict=True
    )
    parts = [_correlated(tf, node, part, kernel) for part, kernel in pairs]
    return tf.concat(parts, axis=-1) + weights["bias"]


def _correlated(tf: ModuleType, node: Node, x: Any, kernel: Any) -> Any:
    strides, dilation = node.attributes["strides"], node.attributes["dilation"]
    if max(strides) == 1 or max(dilation) == 1:
        return tf.nn.convolution(x, kernel, strides=strides, padding="VALID", dilations=dilation)
    # never both at once in TensorFlow: take every cell, then every stride-th
    y = tf.nn.convolution(x, kernel, padding="VALID", dilations=dilation)
    return y[(slice(None), *(slice(None, None, step) for step in strides))]
