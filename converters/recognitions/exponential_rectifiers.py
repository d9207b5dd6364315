"""max(x, 0) + a·(exp(b·min(x, 0)) - 1): elu where b is 1, celu where a·b is 1."""

from __future__ import annotations

from caloexport.converters.pattern import activation, close, pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.recognitions.prelu import plain_relu
from caloexport.runtime.network import Node


@recognitions.register("exponential rectifiers")
def exponential_rectifiers(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the sum of a rectifier and an exponential of what it cuts off."""
    for above, below in pairs(node) if node.kind == "add" else ():
        bent, line = plain_relu(pattern, above), pattern.unit_line(below)
        power = pattern.function(line[0], "exponential") if line else None
        if bent is None or line is None or power is None or not close(line[2], -line[1]):
            continue
        inner = pattern.unit_line(power.inputs[0])
        cut = pattern.function(inner[0], "clip") if inner else None
        if inner is None or cut is None or inner[2] != 0 or cut.inputs != bent.inputs:
            continue
        limits = {k: v for k, v in cut.attributes.items() if k != "function"}
        if limits != {"maximum": 0.0}:
            continue
        if inner[1] == 1:
            return [activation(node.name, bent.inputs[0], "elu", alpha=line[1])]
        if close(inner[1] * line[1], 1):
            return [activation(node.name, bent.inputs[0], "celu", alpha=line[1])]
    return None
