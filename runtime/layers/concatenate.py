"""Concatenate: join inputs along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import is_whole
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Concatenate(LayerKind):
    """y = the inputs side by side along ``axis`` (the last, if not given), in the listed order."""

    arity = None
    attributes = ("axis",)
    selects = True

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        axis = joined_axis(node, shapes[0])
        for shape in shapes[1:]:
            if _without(shape, axis) != _without(shapes[0], axis):
                which = "the last" if axis == len(shapes[0]) - 1 else f"axis {axis}"
                raise misfit(node, f"inputs that agree with {shapes[0]} but for {which}", shape)
        size = sum(shape[axis] for shape in shapes)
        return (*shapes[0][:axis], size, *shapes[0][axis + 1 :])

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        axis = joined_axis(node, inputs[0].shape[1:])
        return np.concatenate(inputs, axis=axis + 1)

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


def joined_axis(node: Node, shape: Shape) -> int:
    """Return the axis along which a concatenate node joins, counted without the batch axis."""
    axis = node.attributes.get("axis", len(shape) - 1)
    if not is_whole(axis, 0, len(shape) - 1):
        raise misfit(node, f"an axis from 0 to {len(shape) - 1}", axis)
    return int(axis)


def _without(shape: Shape, axis: int) -> tuple[int, ...]:
    return (len(shape), *shape[:axis], *shape[axis + 1 :])


layers.register("concatenate")(Concatenate())
