"""Sums, products and other functions of two tensors, value by value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Comparison, Tensor, Value, require_moderate
from caloexport.runtime.arrays import Array


def computed(call: Call, function: Callable[..., Any]) -> Array:
    """Apply a function of numpy to constants, which broadcast."""
    arrays = call.arrays()
    require_moderate(*np.broadcast_shapes(*(a.shape for a in arrays)))
    return np.asarray(function(*arrays))


def joined(call: Call, kind: str) -> Value:
    """Add a node that joins two tensors value by value."""
    tensors = [call.tensor(number) for number in range(len(call.inputs))]
    first = tensors[0]
    alike = {(x.rank, x.batch, x.merged) for x in tensors}
    if len(alike) > 1:
        raise call.unsupported(f"joins tensors of the shapes {[x.sizes for x in tensors]}")
    shape = np.broadcast_shapes(*(x.shape for x in tensors))
    if first.merged and {x.shape[first.batch] for x in tensors} != {shape[first.batch]}:
        raise call.unsupported(f"joins tensors of the shapes {[x.sizes for x in tensors]}")
    return call.draft.add(call.name, kind, tensors)


def sides(call: Call) -> tuple[Tensor, Array, bool]:
    """Return tensor and constant of a call with one each, and whether the constant is first."""
    if isinstance(call.inputs[0], np.ndarray):
        return call.tensor(1), call.array(0), True
    return call.tensor(0), call.array(1), False


def both_tensors(call: Call) -> bool:
    """Say whether neither input is a constant."""
    return not any(isinstance(value, np.ndarray) for value in call.inputs)


@operators.register("Add")
@operators.register("AddV2")
def add(call: Call) -> Value:
    """Return x + y."""
    if call.constant:
        return computed(call, np.add)
    if both_tensors(call):
        return joined(call, "add")
    x, constant, _ = sides(call)
    return call.draft.scale(call.name, x, 1.0, constant)


@operators.register("AddN")
def add_all(call: Call) -> Value:
    """Return the sum of all inputs."""
    if call.constant:
        return np.asarray(sum(call.arrays()))
    return joined(call, "add")


@operators.register("BiasAdd")
def bias_add(call: Call) -> Value:
    """Return x plus a bias per channel, the last axis."""
    if call.node.text("data_format", "NHWC") != "NHWC":
        raise call.unsupported("has its channels first", "save the model with channels last")
    return add(call)


@operators.register("Sub")
def subtract(call: Call) -> Value:
    """Return x - y."""
    if call.constant:
        return computed(call, np.subtract)
    if both_tensors(call):
        return joined(call, "subtract")
    x, constant, first = sides(call)
    if first:
        return call.draft.scale(call.name, x, -1.0, constant)
    return call.draft.scale(call.name, x, 1.0, -constant)


@operators.register("Mul")
def multiply(call: Call) -> Value:
    """Return x·y."""
    if call.constant:
        return computed(call, np.multiply)
    if any(isinstance(value, Comparison) for value in call.inputs):
        return _above_or_zero(call)
    if both_tensors(call):
        return joined(call, "multiply")
    x, constant, _ = sides(call)
    return call.draft.scale(call.name, x, constant, 0.0)


def _above_or_zero(call: Call) -> Tensor:
    """Return a tensor times the answer of a comparison with it: itself above, 0 elsewhere."""
    first, second = call.inputs
    tensor, comparison = (second, first) if isinstance(first, Comparison) else (first, second)
    if not isinstance(comparison, Comparison) or tensor != comparison.x:
        raise call.unsupported("multiplies by the comparison of another tensor")
    if comparison.equal:
        return call.draft.activate(call.name, comparison.x, "relu", threshold=comparison.limit)
    limit = comparison.limit
    return call.draft.activate(call.name, comparison.x, "threshold", threshold=limit, value=0.0)


@operators.register("RealDiv")
@operators.register("Div")
def divide(call: Call) -> Value:
    """Return x / y."""
    if call.constant:
        return computed(call, np.divide)
    if both_tensors(call):
        return joined(call, "divide")
    x, constant, first = sides(call)
    if not first:
        return call.draft.scale(call.name, x, 1 / constant.astype(np.float64), 0.0)
    numerator = call.draft.constant(f"{call.name}/numerator", x, constant)
    return call.draft.add(call.name, "divide", [numerator, x])


@operators.register("DivNoNan")
@operators.register("FloorDiv")
@operators.register("FloorMod")
def of_sizes(call: Call) -> Value:
    """Return a quotient or a remainder of sizes, which are constant."""
    functions: dict[str, Callable[..., Any]] = {
        "FloorDiv": np.floor_divide,
        "FloorMod": np.mod,
        "DivNoNan": np.divide,
    }
    return computed(call, functions[call.node.operator])


@operators.register("Maximum")
@operators.register("Minimum")
def extremum(call: Call) -> Value:
    """Return the larger or the smaller of x and y."""
    kind = call.node.operator.lower()
    if call.constant:
        return computed(call, np.maximum if kind == "maximum" else np.minimum)
    if both_tensors(call):
        return joined(call, kind)
    x, constant, _ = sides(call)
    if constant.size == 1:
        return _limited(call, x, kind, float(constant.ravel()[0]))
    other = call.draft.constant(f"{call.name}/constant", x, constant)
    return call.draft.add(call.name, kind, [x, other])


def _limited(call: Call, x: Tensor, kind: str, limit: float) -> Tensor:
    """Return max(x, limit) or min(x, limit), together with a limit at the other end."""
    before = call.draft.nodes.get(x.name)
    attributes = (
        dict(before.attributes) if before is not None and before.kind == "activation" else {}
    )
    if kind == "maximum":
        if attributes.get("function") == "clip" and limit <= attributes.get("maximum", -math.inf):
            bounds = {"minimum": limit, "maximum": attributes["maximum"]}
            if "minimum" not in attributes:
                return call.draft.activate(call.name, call.draft.source(x), "clip", **bounds)
        if limit == 0:
            return call.draft.activate(call.name, x, "relu")
        return call.draft.activate(call.name, x, "clip", minimum=limit)
    if attributes == {"function": "relu"} and limit > 0:
        return call.draft.activate(call.name, call.draft.source(x), "relu", max_value=limit)
    if attributes.get("function") == "clip" and limit >= attributes.get("minimum", math.inf):
        bounds = {"minimum": attributes["minimum"], "maximum": limit}
        if "maximum" not in attributes:
            return call.draft.activate(call.name, call.draft.source(x), "clip", **bounds)
    return call.draft.activate(call.name, x, "clip", maximum=limit)


@operators.register("SquaredDifference")
def squared_difference(call: Call) -> Value:
    """Return (x - y)²."""
    if call.constant:
        return computed(call, lambda x, y: (x - y) ** 2)
    difference = subtract(call)
    if not isinstance(difference, Tensor):
        raise call.unsupported("reads no tensor")
    return call.draft.add(call.name, "multiply", [difference, difference])


@operators.register("Pow")
def power(call: Call) -> Value:
    """Return x to a constant whole power from 1 to 4."""
    if call.constant:
        return computed(call, np.power)
    x, exponent = call.tensor(0), call.array(1)
    if exponent.size != 1 or float(exponent.ravel()[0]) not in (1.0, 2.0, 3.0, 4.0):
        raise call.unsupported("has an exponent that is no whole number from 1 to 4")
    count = int(exponent.ravel()[0])
    return x if count == 1 else call.draft.add(call.name, "multiply", [x] * count)


@operators.register("Less")
@operators.register("LessEqual")
@operators.register("Equal")
@operators.register("NotEqual")
@operators.register("LogicalAnd")
@operators.register("LogicalOr")
@operators.register("LogicalNot")
def comparison(call: Call) -> Value:
    """Return the answer for constants, such as the counters of loops."""
    functions: dict[str, Callable[..., Any]] = {
        "Less": np.less, "LessEqual": np.less_equal, "Equal": np.equal, "NotEqual": np.not_equal,
        "LogicalAnd": np.logical_and, "LogicalOr": np.logical_or, "LogicalNot": np.logical_not,
    }  # fmt: skip
    return computed(call, functions[call.node.operator])


@operators.register("Greater")
@operators.register("GreaterEqual")
def above(call: Call) -> Value:
    """Return the answer for constants, or the comparison of a tensor with one number."""
    equal = call.node.operator == "GreaterEqual"
    if call.constant:
        return computed(call, np.greater_equal if equal else np.greater)
    limit = call.array(1)
    if limit.size != 1:
        raise call.unsupported("compares with a number for each value")
    return Comparison(call.tensor(0), float(limit.ravel()[0]), equal)
