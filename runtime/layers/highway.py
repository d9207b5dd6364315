"""Highway: a gate between an affine map and its input (arXiv:1505.00387)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.activations.sigmoid import sigmoid
from caloexport.runtime.inner_activation import apply_inner, check_inner
from caloexport.runtime.layers import Multiplying, Rounding, layers, misfit, rounded_rows

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Highway(Multiplying):
    """y = c·f(x·W_t + b_t) + (1 - c)·x with c = σ(x·W_c + b_c).

    The names are LWTNN's, where "carry" is the gate that lets the transform through; f is the
    attribute ``activation``.
    """

    weights = {"transform_kernel": 2, "transform_bias": 1, "carry_kernel": 2, "carry_bias": 1}
    attributes = ("activation",)

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        check_inner(node, "activation")
        units = shapes[0][-1]
        for name, rank in (("kernel", 2), ("bias", 1)):
            for part in ("transform", "carry"):
                found = node.weights[f"{part}_{name}"].shape
                if found != (units,) * rank:
                    raise misfit(node, f"a {part}_{name} of {(units,) * rank}", found)
        return shapes[0]

    def evaluate(self, node: Node, inputs: list[Array], rounding: Rounding | None = None) -> Array:
        (x,), w = inputs, node.weights
        rows = rounded_rows(x, rounding)
        carry = sigmoid(rows @ w["carry_kernel"] + w["carry_bias"])
        transform = rows @ w["transform_kernel"] + w["transform_bias"]
        return np.asarray(
            carry * apply_inner(node.attributes["activation"], transform) + (1 - carry) * x
        )

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        rows, units = int(np.prod(shapes[0][:-1], dtype=np.int64)), shapes[0][-1]
        return rows * units * (4 * units + 8)


layers.register("highway")(Highway())
