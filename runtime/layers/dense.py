"""Dense: an affine map of the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import Multiplying, Rounding, layers, misfit, rounded_rows
from caloexport.runtime.product import product

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Dense(Multiplying):
    """y = x·kernel + bias, with kernel (n_in, n_out) and bias (n_out,)."""

    weights = {"kernel": 2, "bias": 1}
    large = ("kernel",)

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        n_in, n_out = node.weights["kernel"].shape
        if not shapes[0] or shapes[0][-1] != n_in:
            raise misfit(node, f"{n_in} inputs (rows of the kernel)", shapes[0])
        if node.weights["bias"].shape != (n_out,):
            raise misfit(node, f"a bias of {n_out}", node.weights["bias"].shape)
        return (*shapes[0][:-1], n_out)

    def evaluate(self, node: Node, inputs: list[Array], rounding: Rounding | None = None) -> Array:
        # (n, n_in) @ (n_in, n_out) + (n_out,)
        x = rounded_rows(inputs[0], rounding)
        return np.asarray(product(x, node.weights["kernel"]) + node.weights["bias"])

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        rows = int(np.prod(shapes[0][:-1], dtype=np.int64))
        return 2 * node.weights["kernel"].size * rows + node.weights["bias"].size * rows


layers.register("dense")(Dense())
