"""Maxout: the largest of several affine maps (arXiv:1302.4389)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import Multiplying, Rounding, layers, misfit, rounded_rows

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Maxout(Multiplying):
    """y = max over p of x·kernel[p] + bias[p], with kernel (pieces, n_in, n_out)."""

    weights = {"kernel": 3, "bias": 2}

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        pieces, n_in, n_out = node.weights["kernel"].shape
        if not pieces or not shapes[0] or shapes[0][-1] != n_in:
            raise misfit(node, f"{n_in} inputs (rows of the kernel)", shapes[0])
        if node.weights["bias"].shape != (pieces, n_out):
            raise misfit(node, f"a bias of {(pieces, n_out)}", node.weights["bias"].shape)
        return (*shapes[0][:-1], n_out)

    def evaluate(self, node: Node, inputs: list[Array], rounding: Rounding | None = None) -> Array:
        x = rounded_rows(inputs[0], rounding)
        parts = zip(node.weights["kernel"], node.weights["bias"], strict=True)
        # (n, n_in) @ (n_in, n_out) + (n_out,), the largest of the pieces
        return np.asarray(np.max([x @ kernel + bias for kernel, bias in parts], axis=0))

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        rows = int(np.prod(shapes[0][:-1], dtype=np.int64))
        kernel, bias = node.weights["kernel"], node.weights["bias"]
        return (2 * kernel.size + 2 * bias.size) * rows


layers.register("maxout")(Maxout())
