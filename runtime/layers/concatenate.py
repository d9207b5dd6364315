"""Concatenate: join inputs along the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Concatenate(LayerKind):
    """y = the inputs side by side along the last axis, in the listed order."""

    arity = None

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        for shape in shapes[1:]:
            if shape[:-1] != shapes[0][:-1]:
                raise misfit(node, f"inputs that agree with {shapes[0]} but for the last", shape)
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        return np.concatenate(inputs, axis=-1)

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("concatenate")(Concatenate())
