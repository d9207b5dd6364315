"""1/√x."""

from __future__ import annotations

from caloexport.converters.pattern import activation
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("rsqrt")
def rsqrt(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the reciprocal of a root."""
    if not pattern.function(node.name, "reciprocal"):
        return None
    root = pattern.function(node.inputs[0], "sqrt")
    return None if root is None else [activation(node.name, root.inputs[0], "rsqrt")]
