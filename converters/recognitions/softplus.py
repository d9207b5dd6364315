"""log(1 + exp x)."""

from __future__ import annotations

from caloexport.converters.pattern import activation, close
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("softplus")
def softplus(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the logarithm of one plus an exponential."""
    if not pattern.function(node.name, "log"):
        return None
    line = pattern.unit_line(node.inputs[0])
    if line is None or not close(line[1], 1) or not close(line[2], 1):
        return None
    power = pattern.function(line[0], "exponential")
    return None if power is None else [activation(node.name, power.inputs[0], "softplus")]
