"""Layer normalization: each vector scaled by its own mean and variance (arXiv:1607.06450)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import finite, flag
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class LayerNormalization(LayerKind):
    """y = γ·(x - mean)/√(variance + epsilon) + β over the last axis.

    With the attribute ``rms``, y = γ·x/√(mean of x² + epsilon) + β (arXiv:1910.07467).
    """

    weights = {"gamma": 1, "beta": 1}
    attributes = ("epsilon", "rms")

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        flag(node, "rms")
        if finite(node, "epsilon", -1.0) < 0:
            raise misfit(node, "the attribute 'epsilon', not negative", node.attributes)
        for name in self.weights:
            if node.weights[name].shape != shapes[0][-1:]:
                raise misfit(node, f"{name} of {shapes[0][-1:]}", node.weights[name].shape)
        return shapes[0]

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        x = inputs[0]
        if not node.attributes.get("rms", False):
            x = x - x.mean(axis=-1, keepdims=True)
        power = np.mean(x * x, axis=-1, keepdims=True)  # the variance, once the mean is gone
        scaled = x / np.sqrt(power + x.dtype.type(node.attributes["epsilon"]))
        return np.asarray(scaled * node.weights["gamma"] + node.weights["beta"])

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 8 * int(np.prod(shapes[0]))


layers.register("layer_normalization")(LayerNormalization())
