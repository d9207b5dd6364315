"""x/(1 + |x|)."""

from __future__ import annotations

from caloexport.converters.pattern import activation, close
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("softsign")
def softsign(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the quotient of a value and one plus its amount."""
    if node.kind != "divide":
        return None
    x, total = node.inputs
    line = pattern.unit_line(total)
    if line is None or not close(line[1], 1) or not close(line[2], 1):
        return None
    amount = pattern.function(line[0], "abs")
    fits = amount is not None and amount.inputs[0] == x
    return [activation(node.name, x, "softsign")] if fits else None
