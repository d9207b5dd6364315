"""Normalization: batch normalization at inference, a scale and an offset per unit.

With moving statistics μ, σ² and trained γ, β: scale = γ/√(σ²+ε), offset = β - μ·scale.
In this form γ = 0 needs no special case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Normalization(LayerKind):
    """y = scale·x + offset over the last axis, with scale and offset (units,)."""

    weights = {"scale": 1, "offset": 1}

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        for name in self.weights:
            if node.weights[name].shape != shapes[0][-1:]:
                raise misfit(node, f"{name} of {shapes[0][-1:]}", node.weights[name].shape)
        return shapes[0]

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        return np.asarray(inputs[0] * node.weights["scale"] + node.weights["offset"])

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 2 * int(np.prod(shapes[0]))


layers.register("normalization")(Normalization())
