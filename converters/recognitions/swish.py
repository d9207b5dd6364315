"""x·sigmoid(βx): swish, with one β or one for each unit."""

from __future__ import annotations

from caloexport.converters.pattern import activation, scaled
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("swish")
def swish(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the product of a value and the logistic function of its multiple."""
    if node.kind != "multiply":
        return None
    factor, names = pattern.product(node.name)
    for x, gate in (names, names[::-1]) if len(names) == 2 else ():
        found = pattern.function(gate, "sigmoid")
        if found is None or pattern.shapes[gate] != pattern.shapes[x]:
            continue
        source, beta, offset = pattern.line(found.inputs[0], stop=x)
        if source != x or offset.any():
            continue
        if factor == 1:
            return [activation(node.name, x, "swish", {"beta": beta})]
        inner = activation(f"{node.name}:swish", x, "swish", {"beta": beta})
        return [inner, scaled(node.name, inner.name, factor, pattern.shapes[x])]
    return None
