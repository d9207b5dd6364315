"""Upsample: every value repeated, as nearest-neighbour interpolation by whole factors does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import wholes
from caloexport.runtime.layers import LayerKind, layers

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Upsample(LayerKind):
    """Along axis k, every value stands ``factors[k]`` times in a row; one factor for each axis."""

    attributes = ("factors",)
    selects = True

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        factors = wholes(node, "factors", len(shapes[0]), 1)
        return tuple(size * factor for size, factor in zip(shapes[0], factors, strict=True))

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        y = inputs[0]
        for axis, factor in enumerate(node.attributes["factors"], start=1):
            y = np.repeat(y, factor, axis=axis)
        return y

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("upsample")(Upsample())
