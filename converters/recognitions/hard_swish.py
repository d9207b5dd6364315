"""x·hard_sigmoid(x) with the slope 1/6 (arXiv:1905.02244)."""

from __future__ import annotations

from caloexport.converters.pattern import activation, close
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.recognitions.hard_sigmoid import ceiling_of
from caloexport.runtime.network import Node


@recognitions.register("hard_swish")
def hard_swish(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise x·clip(x/6 + 1/2, 0, 1) and x·relu6(x + 3)/6."""
    if node.kind not in ("multiply", "normalization"):
        return None
    factor, names = pattern.product(node.name)
    for x, gate in (names, names[::-1]) if len(names) == 2 else ():
        if pattern.shapes[gate] == pattern.shapes[x] and _is_gate(pattern, gate, x, factor):
            return [activation(node.name, x, "hard_swish")]
    return None


def _is_gate(pattern: Pattern, gate: str, x: str, factor: float) -> bool:
    """Say whether factor·gate is clip(x/6 + 1/2, 0, 1)."""
    bent = pattern.function(gate, "hard_sigmoid")
    if bent is not None:
        line = pattern.unit_line(bent.inputs[0], stop=x)
        slope = float(bent.attributes["slope"])
        return (
            line is not None
            and line[0] == x
            and close(line[1] * slope, 1 / 6)
            and (line[2] == 0 and close(factor, 1))
        )
    ceiling = ceiling_of(pattern, gate)
    if ceiling is None or not close(ceiling * factor, 1):
        return False
    line = pattern.unit_line(pattern.nodes[gate].inputs[0], stop=x)
    if line is None or line[0] != x:
        return False
    return close(line[1] * factor, 1 / 6) and close(line[2] * factor, 0.5)
