"""Slice: a regular part of one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import whole
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Slice(LayerKind):
    """y = x[…, start + step·k, …] along ``axis``, for k from 0 to ``length`` - 1.

    The step may be negative; the axis is counted without the batch axis.
    """

    attributes = ("axis", "start", "step", "length")
    selects = True

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        axis = whole(node, "axis", 0, len(shapes[0]) - 1)
        size = shapes[0][axis]
        start, step = whole(node, "start", 0, size - 1), whole(node, "step", -size, size)
        length = whole(node, "length", 1, size)
        if not step or not 0 <= start + step * (length - 1) < size:
            raise misfit(node, f"a part of axis {axis}, which has {size}", dict(node.attributes))
        return (*shapes[0][:axis], length, *shapes[0][axis + 1 :])

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        places = node.attributes["start"] + node.attributes["step"] * np.arange(
            node.attributes["length"]
        )
        return np.take(inputs[0], places, axis=node.attributes["axis"] + 1)

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("slice")(Slice())
