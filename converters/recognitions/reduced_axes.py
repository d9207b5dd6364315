"""A reduction whose axes are taken away by the reshape behind it."""

from __future__ import annotations

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("reduced axes")
def reduced_axes(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise that axes are reduced and not kept."""
    if node.kind != "reshape":
        return None
    reduction = pattern.node(node.inputs[0], "reduce")
    if reduction is None or not reduction.attributes.get("keep", False):
        return None
    axes, shape = reduction.attributes["axes"], pattern.shapes[reduction.name]
    left = tuple(size for axis, size in enumerate(shape) if axis not in axes) or (1,)
    if left != pattern.shapes[node.name]:
        return None
    attributes = {**reduction.attributes, "keep": False}
    return [Node(node.name, "reduce", reduction.inputs, attributes)]
