"""Rectifiers cut twice, and with a slope below their threshold, as Keras's ReLU is spelled out."""

from __future__ import annotations

import math
from typing import Any

from caloexport.converters.pattern import activation, close
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.recognitions.prelu import plain_relu
from caloexport.runtime.network import Node

#: as many as exporters write one after the other for one rectifier
MAX_CUTS = 4


@recognitions.register("rectifiers")
def rectifiers(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise min(max(relu(x), 0), M), and relu(x) - slope·relu(threshold - x)."""
    if node.kind == "activation":
        inner = _cut(pattern, node.inputs[0])
        outer = _cut(pattern, node.name)
        if inner is None or outer is None:
            return None
        x, threshold, ceiling = outer
        return [_relu(node.name, x, threshold, ceiling)]
    if node.kind != "subtract":
        return None
    above, below = _cut(pattern, node.inputs[0]), pattern.unit_line(node.inputs[1])
    mirror = plain_relu(pattern, below[0]) if below else None
    if above is None or below is None or mirror is None or below[2] != 0:
        return None
    x, threshold, ceiling = above
    turned = pattern.unit_line(mirror.inputs[0], stop=x)
    if turned is None or turned[0] != x or turned[1] != -1 or not _same(turned[2], threshold):
        return None
    return [_relu(node.name, x, turned[2], ceiling, negative_slope=below[1])]


def _same(found: float, threshold: float) -> bool:
    return found == threshold or close(found, threshold)


def _cut(pattern: Pattern, name: str) -> tuple[str, float, float] | None:
    """Return x, threshold and ceiling of rectifiers without slope, one after the other."""
    x, threshold, ceiling = name, 0.0, math.inf
    for _ in range(MAX_CUTS):
        node = pattern.function(x, "relu", "clip")
        if node is None:
            break
        given: dict[str, Any] = {k: v for k, v in node.attributes.items() if k != "function"}
        is_clip = node.attributes["function"] == "clip"
        if given.get("negative_slope", 0.0) or given.get("minimum", 0.0):
            break
        if threshold and given.get("threshold", 0.0):
            break
        if is_clip and "minimum" not in given and _cut(pattern, node.inputs[0]) is None:
            break  # only cut above: something before it has to cut below
        ceiling = min(ceiling, given.get("maximum" if is_clip else "max_value", math.inf))
        threshold = given.get("threshold", 0.0) or threshold
        x = node.inputs[0]
    return None if x == name or ceiling <= threshold else (x, threshold, ceiling)


def _relu(name: str, x: str, threshold: float, ceiling: float, **slope: float) -> Node:
    limits = {"threshold": threshold} if threshold else {}
    top = {"max_value": ceiling} if math.isfinite(ceiling) else {}
    return activation(name, x, "relu", {}, **slope, **limits, **top)
