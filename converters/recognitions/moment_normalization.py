"""x·r + (beta - mean·r) with r = gamma/√(variance + ε): how Keras 3 spells layer normalization."""

from __future__ import annotations

import numpy as np

from caloexport.converters.pattern import pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.recognitions.layer_normalization import centred, is_square, layer
from caloexport.converters.recognitions.softmax import over_last
from caloexport.runtime.network import Node


@recognitions.register("moment normalization")
def moment_normalization(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a value and its negative mean, both times the same root of its moments."""
    if node.kind != "add":
        return None
    for first, second in pairs(node):
        upper = pattern.node(first, "multiply")
        source, sign, beta = pattern.line(second)
        lower = pattern.node(source, "multiply")
        if upper is None or lower is None:
            continue
        for x, root in pairs(upper):
            found = _moments(pattern, x, root)
            if found is None or root not in lower.inputs or len(lower.inputs) != 2:
                continue
            mean, turned, offset = pattern.line(next(n for n in lower.inputs if n != root))
            epsilon, gamma = found
            is_mean = over_last(pattern, mean, "mean")
            if is_mean is None or is_mean.inputs[0] != x or offset.any():
                continue
            if (sign * turned == -1).all():
                units = pattern.shapes[x][-1:]
                made = layer(pattern, node.name, x, epsilon, rms=False)
                weights = {
                    key: np.broadcast_to(value, units).astype(np.float32)
                    for key, value in (("gamma", gamma), ("beta", beta))
                }
                return [made.with_weights(**weights)]
    return None


def _moments(pattern: Pattern, x: str, name: str) -> tuple[float, np.ndarray] | None:
    """Return ε and gamma of gamma/√(variance of x + ε)."""
    source, gamma, offset = pattern.line(name)
    wide = pattern.node(source, "upsample")
    root = pattern.function(source if wide is None else wide.inputs[0], "rsqrt")
    line = pattern.unit_line(root.inputs[0]) if root is not None else None
    if line is None or line[1] != 1 or line[2] < 0 or offset.any():
        return None
    power = over_last(pattern, line[0], "mean")
    square = None if power is None else pattern.node(power.inputs[0])
    if square is None or centred(pattern, square.inputs[0]) != x:
        return None
    return (line[2], gamma) if is_square(pattern, square.name, square.inputs[0]) else None
