"""Dropout: does nothing when sampling. Also stands for other noise used in training only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caloexport.runtime.layers import LayerKind, layers

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Dropout(LayerKind):
    """y = x."""

    selects = True

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        return shapes[0]

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        return inputs[0]

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("dropout")(Dropout())
