"""Reshape: the same values in another shape, C order (the last axis runs fastest)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Reshape(LayerKind):
    """y has the attribute ``shape``, which names no batch axis and holds no -1."""

    attributes = ("shape",)
    selects = True

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        given = node.attributes.get("shape")
        if not isinstance(given, (list, tuple)) or not given:
            raise misfit(node, "the attribute 'shape'", given)
        if not all(isinstance(n, int) and n > 0 for n in given):
            raise misfit(node, "positive whole numbers", given)
        target = tuple(given)
        if math.prod(target) != math.prod(shapes[0]):
            raise misfit(node, f"{math.prod(shapes[0])} values", target)
        return target

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        return inputs[0].reshape(inputs[0].shape[0], *node.attributes["shape"])

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("reshape")(Reshape())
