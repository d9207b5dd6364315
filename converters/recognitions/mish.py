"""x·tanh(log(1 + exp x)) (arXiv:1908.08681)."""

from __future__ import annotations

from caloexport.converters.pattern import activation, pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("mish")
def mish(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the product of a value and the hyperbolic tangent of its softplus."""
    if node.kind != "multiply":
        return None
    for x, gate in pairs(node):
        bent = pattern.function(gate, "tanh")
        soft = pattern.function(bent.inputs[0], "softplus") if bent else None
        if soft is not None and soft.inputs[0] == x:
            return [activation(node.name, x, "mish")]
    return None
