"""Reduce: sum, mean, maximum or minimum over axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.attributes import flag, is_whole
from caloexport.runtime.layers import LayerKind, layers, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
}


class Reduce(LayerKind):
    """y = ``function`` of x over ``axes``, which stay with size 1 if ``keep`` is true.

    Axes are counted without the batch axis. What would leave no axis at all stays one value.
    """

    attributes = ("function", "axes", "keep")

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        axes, last = node.attributes.get("axes"), len(shapes[0]) - 1
        if node.attributes.get("function") not in FUNCTIONS:
            raise misfit(node, f"one of {', '.join(FUNCTIONS)}", node.attributes.get("function"))
        good = isinstance(axes, (list, tuple)) and all(is_whole(axis, 0, last) for axis in axes)
        if not good or not axes or len(set(axes)) < len(axes):
            raise misfit(node, f"different axes from 0 to {last}", axes)
        if flag(node, "keep"):
            return tuple(1 if k in axes else size for k, size in enumerate(shapes[0]))
        return tuple(size for k, size in enumerate(shapes[0]) if k not in axes) or (1,)

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        axes = tuple(axis + 1 for axis in node.attributes["axes"])
        keep = node.attributes.get("keep", False)
        reduced = FUNCTIONS[node.attributes["function"]](inputs[0], axis=axes, keepdims=keep)
        return np.asarray(reduced).reshape(len(inputs[0]), *(reduced.shape[1:] or (1,)))

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        return int(np.prod(shapes[0]))


layers.register("reduce")(Reduce())
