"""Transposed convolution."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.runtime.network import Node


@tensorflow_layers.register("conv_transpose")
def conv_transpose(tf: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return what every cell spreads over its window, cropped."""
    x, kernel = inputs[0], _with_gaps(tf, weights["kernel"], node.attributes["dilation"])
    strides = node.attributes["strides"]
    *_, n_out, _ = kernel.shape
    sizes = zip(x.shape[1:-1], strides, kernel.shape[:-2], strict=True)
    full = [(n - 1) * stride + extent for n, stride, extent in sizes]
    shape = tf.stack([tf.shape(x)[0], *full, n_out])
    y = tf.nn.conv_transpose(x, kernel, shape, strides, padding="VALID")
    crop = node.attributes["crop"]
    cells = (slice(max(a, 0), n - max(b, 0)) for n, (a, b) in zip(full, crop, strict=True))
    added = [[max(-a, 0), max(-b, 0)] for a, b in crop]
    return tf.pad(y[(slice(None), *cells)], [[0, 0], *added, [0, 0]]) + weights["bias"]


def _with_gaps(tf: ModuleType, kernel: Any, dilation: list[int]) -> Any:
    """Return the kernel with zeros between its taps; the CPU kernels know no dilation here."""
    for axis, step in enumerate(dilation):
        if step > 1:
            before, taps, behind = kernel.shape[:axis], kernel.shape[axis], kernel.shape[axis + 1 :]
            apart = tf.expand_dims(kernel, axis + 1)
            margins = [[0, 0]] * (axis + 1) + [[0, step - 1]] + [[0, 0]] * len(behind)
            spread = tf.reshape(tf.pad(apart, margins), (*before, taps * step, *behind))
            kernel = spread[(slice(None),) * axis + (slice((taps - 1) * step + 1),)]
    return kernel
