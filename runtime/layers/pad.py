"""Pad: a margin of one value around the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import finite, pairs
from caloexport.runtime.layers import LayerKind, layers

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Pad(LayerKind):
    """``padding`` holds [before, after] for each axis; the margin is ``value``, 0 by default."""

    attributes = ("padding", "value")

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        finite(node, "value", 0.0)
        padding = pairs(node, "padding", len(shapes[0]), 0)
        return tuple(a + size + b for size, (a, b) in zip(shapes[0], padding, strict=True))

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        margins = [(0, 0), *(tuple(pair) for pair in node.attributes["padding"])]
        value = node.attributes.get("value", 0.0)
        return np.pad(inputs[0], margins, constant_values=value)

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("pad")(Pad())
