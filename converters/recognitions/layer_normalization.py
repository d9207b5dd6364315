"""(x - mean)/√(variance + ε) over the last axis, in the ways that exporters spell it."""

from __future__ import annotations

import numpy as np

from caloexport.converters.pattern import pairs
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.recognitions.softmax import over_last
from caloexport.runtime.network import Node


@recognitions.register("layer_normalization")
def layer_normalization(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a value divided by the root of its mean square."""
    if node.kind not in ("divide", "multiply") or len(node.inputs) != 2:
        return None
    for upper, lower in (node.inputs,) if node.kind == "divide" else pairs(node):
        root = pattern.function(lower, "sqrt" if node.kind == "divide" else "rsqrt")
        line = pattern.unit_line(root.inputs[0]) if root else None
        if line is None or line[1] != 1 or line[2] < 0:
            continue
        power = over_last(pattern, line[0], "mean")
        if power is None or not is_square(pattern, power.inputs[0], upper):
            continue
        x = centred(pattern, upper)
        return [layer(pattern, node.name, x or upper, line[2], rms=x is None)]
    return None


def is_square(pattern: Pattern, name: str, x: str) -> bool:
    """Say whether a value is the square of another."""
    node = pattern.node(name)
    if node is None:
        return False
    squared = node.kind == "activation" and node.attributes["function"] == "square"
    return (squared and node.inputs == (x,)) or (node.kind == "multiply" and node.inputs == (x, x))


def centred(pattern: Pattern, name: str) -> str | None:
    """Return x of a value that is x - mean x."""
    node = pattern.node(name, "subtract")
    if node is None:
        return None
    x, part = node.inputs
    mean = over_last(pattern, part, "mean")
    return x if mean is not None and mean.inputs[0] == x else None


def layer(pattern: Pattern, name: str, x: str, epsilon: float, *, rms: bool) -> Node:
    """Return a layer normalization whose scale and offset are still trivial."""
    units = pattern.shapes[x][-1]
    weights = {"gamma": np.ones(units, np.float32), "beta": np.zeros(units, np.float32)}
    attributes = {"epsilon": epsilon, **({"rms": True} if rms else {})}
    return Node(name, "layer_normalization", (x,), attributes, weights)
