"""relu(x) - α·relu(-x): a rectifier with a slope, trained for each unit or not."""

from __future__ import annotations

import numpy as np

from caloexport.converters.pattern import activation, pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Node


@recognitions.register("prelu")
def prelu(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise the sum or difference of two rectifiers, one of them of the negative value."""
    if node.kind not in ("add", "subtract") or len(node.inputs) != 2:
        return None
    for above, below in pairs(node) if node.kind == "add" else (node.inputs,):
        bent = plain_relu(pattern, above)
        source, scale, offset = pattern.line(below)
        mirror = plain_relu(pattern, source)
        if bent is None or mirror is None or offset.any():
            continue
        x = bent.inputs[0]
        turned = pattern.unit_line(mirror.inputs[0], stop=x)
        if turned == (x, -1.0, 0.0) and pattern.shapes[above] == pattern.shapes[below]:
            return [rectifier(node.name, x, scale if node.kind == "subtract" else -scale)]
    return None


def plain_relu(pattern: Pattern, name: str) -> Node | None:
    """Return the node if it is max(x, 0)."""
    node = pattern.function(name, "relu")
    given = {} if node is None else {k: v for k, v in node.attributes.items() if k != "function"}
    plain = not given.get("negative_slope", 0) and not given.get("threshold", 0)
    return node if plain and "max_value" not in given else None


def rectifier(name: str, x: str, alpha: Array) -> Node:
    """Return a leaky rectifier where there is one slope, else one slope for each unit."""
    if not np.ptp(alpha):
        return activation(name, x, "leaky_relu", negative_slope=float(alpha[0]))
    return activation(name, x, "prelu", {"alpha": alpha})
