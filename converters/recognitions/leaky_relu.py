"""max(x, α·x) with α from 0 to 1: a leaky rectifier."""

from __future__ import annotations

from caloexport.converters.pattern import pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.recognitions.prelu import rectifier
from caloexport.runtime.network import Node


@recognitions.register("leaky_relu")
def leaky_relu(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the greater of a value and its multiple."""
    if node.kind != "maximum":
        return None
    for x, part in pairs(node):
        source, alpha, offset = pattern.line(part, stop=x)
        if source == x and part != x and not offset.any() and (alpha >= 0).all():
            return [rectifier(node.name, x, alpha)] if (alpha <= 1).all() else None
    return None
