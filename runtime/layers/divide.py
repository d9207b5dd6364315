"""Divide: the element-wise quotient of two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import Combination, layers

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node


class Divide(Combination):
    """y = x0 / x1, the sizes equal or 1; where x1 is 0, IEEE 754 decides."""

    operation = np.divide
    arity = 2

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return super().evaluate(node, inputs)


layers.register("divide")(Divide())
