"""Permute: the axes in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Permute(LayerKind):
    """Axis k of y is axis ``order[k]`` of x, both counted from 0 without the batch axis."""

    attributes = ("order",)
    selects = True

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        order = node.attributes.get("order")
        whole = isinstance(order, (list, tuple)) and all(type(axis) is int for axis in order)
        if not whole or sorted(order) != list(range(len(shapes[0]))):  # type: ignore[arg-type]
            raise misfit(node, f"an order of the {len(shapes[0])} axes", order)
        return tuple(shapes[0][axis] for axis in node.attributes["order"])

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        order = (0, *(axis + 1 for axis in node.attributes["order"]))
        return np.ascontiguousarray(inputs[0].transpose(order))

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("permute")(Permute())
