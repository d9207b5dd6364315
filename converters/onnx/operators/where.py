"""Where, and the comparisons that it reads: rectifiers with a threshold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Condition, Operand, Value
from caloexport.runtime.arrays import Array
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Node

MIRRORED = {
    "Greater": "Less", "Less": "Greater",
    "GreaterOrEqual": "LessOrEqual", "LessOrEqual": "GreaterOrEqual",
}  # fmt: skip
OPPOSITE = {
    "Greater": "LessOrEqual", "Less": "GreaterOrEqual",
    "GreaterOrEqual": "Less", "LessOrEqual": "Greater",
}  # fmt: skip
FOLDS = {
    "Greater": np.greater, "Less": np.less, "GreaterOrEqual": np.greater_equal,
    "LessOrEqual": np.less_equal, "Equal": np.equal,
}  # fmt: skip


def _compared(call: Call, operands: list[Array]) -> Array:
    return np.asarray(FOLDS[call.node.operator](*operands))


@operator(*MIRRORED, fold=_compared)
def compare(call: Call) -> list[Operand]:
    """No layer by itself: Where reads it."""
    if isinstance(call.operand(0), Value):
        return [Condition(call.node.operator, call.value(0), call.number(1, 0.0))]
    return [Condition(MIRRORED[call.node.operator], call.value(1), call.number(0, 0.0))]


@operator("Not", fold=lambda call, operands: np.logical_not(operands[0]))
def not_(call: Call) -> list[Operand]:
    """The opposite comparison."""
    condition = call.operand(0)
    if not isinstance(condition, Condition):
        raise call.unsupported("it negates what is no comparison")
    return [replace(condition, operator=OPPOSITE[condition.operator])]


@operator("Equal", fold=_compared)
def equal(call: Call) -> list[Operand]:
    """Of constants only."""
    raise call.unsupported("it compares values for equality")


@operator("Where", fold=lambda call, operands: np.where(*operands))
def where(call: Call) -> list[Operand]:
    """x above a threshold and slope·(x - threshold), or a number, below."""
    condition = call.operand(0)
    if not isinstance(condition, Condition):
        return [_chosen(call)]
    above, below = call.operand(1), call.operand(2)
    if condition.operator.startswith("Less"):
        above, below = below, above
    if isinstance(above, Value) and above == condition.value:
        found = _below(call, condition.value, below, condition.threshold, condition.border)
        if found is not None:
            return [found]
    raise call.unsupported("it chooses between two tensors by the values of a third")


def _chosen(call: Call) -> Operand:
    mask = call.weights(0)
    if mask.size and (mask == mask.ravel()[0]).all():
        return call.operand(1 if mask.ravel()[0] else 2)
    raise call.unsupported("it mixes two tensors by a mask")


def _below(
    call: Call, value: Value, below: Operand, border: float, threshold: float
) -> Value | None:
    """Return the rectifier whose lower branch is ``below``, or None."""
    if isinstance(below, np.ndarray) and below.size == 1:
        number = float(below.reshape(()))
        if number == 0:
            limits = {"threshold": threshold} if border != 0 else {}
            return call.activate("relu", value, **limits)
        return call.activate("threshold", value, threshold=border, value=number)
    if not isinstance(below, Value):
        return None
    if _is_soft(call, value, below, border):
        return below
    if border == 0 and _vanishes_above(call, value, below):
        return call.add("add", [call.activate("relu", value, "above"), below])
    slope = _line(call, value, below, border)
    if slope is None:
        return None
    if border == 0:
        return call.activate("leaky_relu", value, negative_slope=slope)
    return call.activate("relu", value, negative_slope=slope, threshold=threshold)


def _is_soft(call: Call, value: Value, below: Value, border: float) -> bool:
    """Say whether ``below`` is log(1 + exp x), which is x beyond the border, as float32 rounds."""
    found = {node.name: node for node in call.layout.nodes}.get(below.name)
    if found is None or found.attributes.get("function") != "softplus":
        return False
    return found.inputs == (value.name,) and math.log1p(math.exp(-border)) < 2**-25 * border


def _vanishes_above(call: Call, value: Value, below: Value) -> bool:
    """Say whether ``below`` is a function of min(x, 0) that is 0 at 0."""
    nodes = {node.name: node for node in call.layout.nodes}
    chain: list[Node] = []
    name = below.name
    while name in nodes and len(nodes[name].inputs) == 1:
        node = nodes[name]
        chain.append(node)
        if node.inputs == (value.name,):
            break
        name = node.inputs[0]
    if not chain or chain[-1].inputs != (value.name,):
        return False
    first = chain[-1]
    limits = {k: v for k, v in first.attributes.items() if k != "function"}
    if first.attributes.get("function") != "clip" or limits != {"maximum": 0.0}:
        return False
    x = np.zeros((1, *value.shape))
    for node in reversed(chain):
        x = layers[node.kind].evaluate(node, [x])
    return below.axes == value.axes and not x.any()


def _line(call: Call, value: Value, below: Value, border: float) -> float | None:
    """Return the slope a of a value that is a·(x - border), from its layers; else None."""
    nodes = {node.name: node for node in call.layout.nodes}
    scale, offset, name = 1.0, 0.0, below.name
    while name != value.name:
        node = nodes.get(name)
        if node is None or node.kind != "normalization":
            return None
        factor, added = node.weights["scale"], node.weights["offset"]
        if np.ptp(factor) or np.ptp(added):
            return None
        scale, offset = scale * float(factor[0]), scale * float(added[0]) + offset
        name = node.inputs[0]
    close = abs(offset + scale * border) <= 1e-6 * abs(scale * border)
    return scale if close else None
