"""Embedding: a category becomes the vector that was trained for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import whole
from caloexport.runtime.errors import UsageError
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Embedding(LayerKind):
    """y = x[:column], table[x[column]], x[column+1:] on the last axis.

    The value at ``column`` is a whole number below the number of rows of the table
    (n_categories, n_out); the others pass.
    """

    weights = {"table": 2}
    attributes = ("column",)

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        whole(node, "column", 0, shapes[0][-1] - 1)
        categories, n_out = node.weights["table"].shape
        if not categories or not n_out:
            raise misfit(node, "a table of (categories, values)", node.weights["table"].shape)
        return (*shapes[0][:-1], shapes[0][-1] - 1 + n_out)

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        x, column, table = inputs[0], node.attributes["column"], node.weights["table"]
        category = x[..., column]
        bad = ~((category >= 0) & (category < len(table)) & (category == np.floor(category)))
        if bad.any():
            message = (
                f"layer '{node.name}' takes whole numbers from 0 to {len(table) - 1}, "
                f"found {category[bad].flat[0]}"
            )
            raise UsageError(message)
        before, after = x[..., :column], x[..., column + 1 :]
        return np.concatenate([before, table[category.astype(np.int64)], after], axis=-1)

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return 0


layers.register("embedding")(Embedding())
