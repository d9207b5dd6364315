"""Permutations and reshapes that follow each other: one, or none."""

from __future__ import annotations

from caloexport.converters.pattern import activation
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("permutations")
def permutations(pattern: Pattern, node: Node) -> list[Node] | None:
    """Join two permutations, or two reshapes."""
    if node.kind not in ("permute", "reshape"):
        return None
    first = pattern.node(node.inputs[0], node.kind)
    source = node.inputs[0] if first is None else first.inputs[0]
    shape = pattern.shapes[source]
    if node.kind == "reshape":
        if shape == pattern.shapes[node.name]:
            return [activation(node.name, source, "linear")]
        return None if first is None else [Node(node.name, "reshape", (source,), node.attributes)]
    order = list(node.attributes["order"])
    if first is not None:
        order = [first.attributes["order"][axis] for axis in order]
    if order == sorted(order):
        return [activation(node.name, source, "linear")]
    if first is None:
        return None
    return [Node(node.name, "permute", (source,), {"order": order})]
