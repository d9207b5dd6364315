"""Constants, variables, and what passes a value on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import (
    Categories,
    Comparison,
    Tensor,
    Value,
    Variable,
    require_moderate,
)
from caloexport.converters.savedmodel.variables import variable_of


@operators.register("Const")
def constant(call: Call) -> Value:
    """Return the tensor in the graph."""
    return call.node.tensor("value")


@operators.register("VarHandleOp")
def handle(call: Call) -> Variable:
    """Return the handle of a variable."""
    return Variable(variable_of(call.node), call.node.shape("shape"))


@operators.register("VariableV2")
def variable(call: Call) -> Value:
    """Return the weights of a variable of TensorFlow 1."""
    return call.read(handle(call))


@operators.register("ReadVariableOp")
def read(call: Call) -> Value:
    """Return the weights of a variable."""
    return call.read(call.variable(0))


@operators.register("Identity")
@operators.register("IdentityN")
@operators.register("StopGradient")
@operators.register("PreventGradient")
@operators.register("CheckNumerics")
@operators.register("Snapshot")
@operators.register("EnsureShape")
@operators.register("PlaceholderWithDefault")
def identity(call: Call) -> Sequence[Value]:
    """Return the inputs."""
    return call.inputs


@operators.register("Cast")
def cast(call: Call) -> Value:
    """Return the same numbers; constants in another type."""
    value = call.inputs[0]
    target = call.node.dtype("DstT")
    if isinstance(value, np.ndarray):
        return value if value.dtype == object else value.astype(target)
    if isinstance(value, Comparison):
        return value  # as 1 and 0
    if target.kind in "iu":
        return value if isinstance(value, Categories) else Categories(call.tensor(0))
    if target.kind != "f":
        raise call.unsupported(f"makes {target} of what depends on the inputs")
    return call.tensor(0)


@operators.register("ZerosLike")
@operators.register("OnesLike")
def filled_like(call: Call) -> Value:
    """Return zeros or ones in the shape of the input, the same for each shower."""
    value = call.inputs[0]
    number = float(call.node.operator == "OnesLike")
    if isinstance(value, np.ndarray):
        return np.full(value.shape, number, value.dtype)
    sizes = [n if isinstance(n, int) else 1 for n in call.tensor(0).sizes]
    return np.full(sizes, number, np.float32)


@operators.register("Fill")
def fill(call: Call) -> Value:
    """Return one number in a shape, the same for each shower."""
    sizes = [int(n) if isinstance(n, (int, np.integer)) else 1 for n in call.array(0).ravel()]
    require_moderate(*sizes)
    return np.full(sizes, call.array(1).ravel()[0])


@operators.register("Range")
def whole_numbers(call: Call) -> Value:
    """Return equally spaced whole numbers."""
    start, stop, step = (call.whole(number) for number in range(3))
    require_moderate(max(len(range(start, stop, step)), 1))
    return np.arange(start, stop, step, dtype=call.array(0).dtype)


@operators.register("Select")
@operators.register("SelectV2")
def select(call: Call) -> Value:
    """Return the second or the third input, as a constant condition says."""
    if isinstance(call.inputs[0], Comparison):
        return _piecewise(call, call.inputs[0])
    condition = call.array(0)
    if all(isinstance(value, np.ndarray) for value in call.inputs):
        return np.where(*call.arrays())
    if condition.size != 1:
        raise call.unsupported("has a condition for each value")
    chosen = call.inputs[1 if condition.all() else 2]
    if isinstance(chosen, Tensor):
        return chosen
    raise call.unsupported("chooses a constant")


def _piecewise(call: Call, above: Comparison) -> Value:
    """Return the activation that two functions of a tensor make, one above 0 and one below."""
    first, second = call.tensor(1), call.inputs[2]
    nodes = call.draft.nodes
    below = nodes.get(second.name) if isinstance(second, Tensor) else None
    if below is not None and below.kind == "normalization":
        slope, source = below.weights["scale"], below.inputs[0]
        straight = not below.weights["offset"].any() and (slope == slope[0]).all()
        if straight and first == above.x and source == first.name and slope[0] == 0:
            limit = np.float32(above.limit)
            if not above.equal:  # the next number is the first that stays
                limit = np.nextafter(limit, np.float32(np.inf))
            return call.draft.activate(call.name, first, "relu", threshold=float(limit))
        straight = straight and above.limit == 0
        if straight and first == above.x and source == first.name:
            return call.draft.activate(
                call.name, first, "leaky_relu", negative_slope=float(slope[0])
            )
        unit = nodes.get(first.name)
        elu = unit is not None and dict(unit.attributes) == {"function": "elu"}
        if straight and elu and source == first.name and call.draft.source(first) == above.x:
            return call.draft.activate(call.name, above.x, "elu", alpha=float(slope[0]))
    raise call.unsupported("chooses between functions that are no known activation")
