"""Multiply: the element-wise product of two or more inputs."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import LayerKind, common_shape, layers

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Multiply(LayerKind):
    """y = x0 * x1 * …, the sizes equal or 1."""

    arity = None

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        return common_shape(node, shapes)

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        return reduce(np.multiply, inputs)


layers.register("multiply")(Multiply())
