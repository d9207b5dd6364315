"""1/(1 + exp(-x)): the logistic function."""

from __future__ import annotations

import numpy as np

from caloexport.converters.pattern import activation, close
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("sigmoid")
def sigmoid(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a reciprocal of one plus the exponential of a line."""
    if not pattern.function(node.name, "reciprocal"):
        return None
    total = pattern.unit_line(node.inputs[0])
    if total is None or not close(total[1], 1) or not close(total[2], 1):
        return None
    power = pattern.function(total[0], "exponential")
    if power is None:
        return None
    line = pattern.node(power.inputs[0], "normalization")
    if line is None:
        return None
    scale, offset = -line.weights["scale"], -line.weights["offset"]
    if (scale == 1).all() and not offset.any():
        return [activation(node.name, line.inputs[0], "sigmoid")]
    inner = f"{node.name}:line"
    weights = {"scale": np.asarray(scale), "offset": np.asarray(offset)}
    return [
        Node(inner, "normalization", line.inputs, {}, weights),
        activation(node.name, inner, "sigmoid"),
    ]
