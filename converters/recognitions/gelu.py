"""x·Φ(x) by the error function, and its approximation by the hyperbolic tangent."""

from __future__ import annotations

import math

from caloexport.converters.pattern import activation, close, scaled
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node

ROOT = math.sqrt(2 / math.pi)


@recognitions.register("gelu")
def gelu(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise x·(1 + erf(x/√2))/2 and x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2."""
    if node.kind not in ("multiply", "normalization"):
        return None
    factor, names = pattern.product(node.name)
    for x, gate in (names, names[::-1]) if len(names) == 2 else ():
        line = pattern.unit_line(gate)
        if line is None or not close(line[1], line[2]):
            continue
        kind = pattern.function(line[0], "erf", "tanh")
        if kind is None or pattern.shapes[gate] != pattern.shapes[x]:
            continue
        is_erf = kind.attributes["function"] == "erf"
        unit = _erf_scale(pattern, kind, x) if is_erf else _tanh_scale(pattern, kind, x)
        # of y = unit·x, gelu(y) = y·gate/2: what is left over is a factor in front
        if unit is None or unit == 0:
            continue
        return _nodes(pattern, node, x, unit, 2 * factor * line[1] / unit, is_erf)
    return None


def _erf_scale(pattern: Pattern, node: Node, x: str) -> float | None:
    """Return k where the argument is k·x/√2."""
    line = pattern.unit_line(node.inputs[0], stop=x)
    if line is None or line[0] != x or line[2] != 0:
        return None
    return _rounded(line[1] * math.sqrt(2))


def _tanh_scale(pattern: Pattern, node: Node, x: str) -> float | None:
    """Return k where the argument is √(2/π)·(k·x + 0.044715·(k·x)³)."""
    found = pattern.polynomial(node.inputs[0], x)
    if found is None or any(found.get(degree, 0.0) for degree in (0, 2, 4)):
        return None
    unit = _rounded(found.get(1, 0.0) / ROOT)
    return unit if close(found.get(3, 0.0), ROOT * 0.044715 * unit**3) else None


def _rounded(unit: float) -> float:
    return 1.0 if close(unit, 1) else unit


def _nodes(
    pattern: Pattern, node: Node, x: str, unit: float, factor: float, exact: bool
) -> list[Node]:
    shape, nodes = pattern.shapes[x], []
    if unit != 1:
        nodes.append(scaled(f"{node.name}:unit", x, unit, shape))
        x = nodes[-1].name
    alone = close(factor, 1)
    name = node.name if alone else f"{node.name}:gelu"
    nodes.append(activation(name, x, "gelu", approximate=0.0 if exact else 1.0))
    return nodes if alone else [*nodes, scaled(node.name, name, factor, shape)]
