"""exp x divided by its sum, with or without the maximum taken away first."""

from __future__ import annotations

from caloexport.converters.pattern import activation, pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("softmax")
def softmax(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the quotient of exponentials and their sum over the last axis."""
    if node.kind not in ("divide", "multiply") or len(node.inputs) != 2:
        return None
    for upper, lower in (node.inputs,) if node.kind == "divide" else pairs(node):
        if node.kind == "multiply":
            inverse = pattern.function(lower, "reciprocal")
            lower = inverse.inputs[0] if inverse else ""
        power = pattern.function(upper, "exponential")
        total = over_last(pattern, lower, "sum")
        if power is not None and total is not None and total.inputs[0] == upper:
            return [activation(node.name, _without_maximum(pattern, power), "softmax")]
    return None


def over_last(pattern: Pattern, name: str, function: str) -> Node | None:
    """Return the node if it is that reduction over the last axis, which stays."""
    node = pattern.node(name, "reduce")
    if node is None or node.attributes["function"] != function:
        return None
    last = len(pattern.shapes[node.inputs[0]]) - 1
    kept = node.attributes.get("keep", False) or last == 0
    return node if list(node.attributes["axes"]) == [last] and kept else None


def _without_maximum(pattern: Pattern, power: Node) -> str:
    """Return x of exp(x - max x), which is the same after the division."""
    difference = pattern.node(power.inputs[0], "subtract")
    if difference is not None:
        x, most = difference.inputs
        maximum = over_last(pattern, most, "max")
        if maximum is not None and maximum.inputs[0] == x:
            return x
    return power.inputs[0]
