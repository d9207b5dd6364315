"""Functions of the graph, and loops over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.operators.parts import stacked, unstacked
from caloexport.converters.savedmodel.recurrent import recurrent_layer
from caloexport.converters.savedmodel.values import TensorList, Value, require_moderate

#: steps of a loop: each becomes nodes of its own
MOST_STEPS = 500


@operators.register("PartitionedCall")
@operators.register("StatefulPartitionedCall")
def call_function(call: Call) -> Sequence[Value]:
    """Return what the function makes of the inputs."""
    return call.run(call.node.function("f"), call.inputs)


@operators.register("If")
@operators.register("StatelessIf")
def branch(call: Call) -> Sequence[Value]:
    """Return what one of two functions makes, as a constant condition says."""
    chosen = "then_branch" if call.array(0).all() else "else_branch"
    return call.run(call.node.function(chosen), call.inputs[1:])


@operators.register("While")
@operators.register("StatelessWhile")
def loop(call: Call) -> Sequence[Value]:
    """Return what the function makes of its own results, step by step."""
    condition, body = (call.node.function(name) for name in ("cond", "body"))
    layer = recurrent_layer(call, condition, body)
    if layer is not None:
        return layer
    values: list[Value] = list(call.inputs)
    for _ in range(MOST_STEPS):
        (more,) = call.run(condition, values)
        if not isinstance(more, np.ndarray) or more.dtype == object:
            raise call.unsupported("runs as often as its inputs say")
        if not more.all():
            return values
        values = call.run(body, values)
    raise call.unsupported(f"takes more than {MOST_STEPS} steps")


@operators.register("TensorListReserve")
def reserve(call: Call) -> Value:
    """Return a list of so many tensors that are written later."""
    count = call.whole(1)
    require_moderate(max(count, 1))
    return TensorList((None,) * count)


@operators.register("TensorListFromTensor")
def from_tensor(call: Call) -> Value:
    """Return the tensors along the first axis."""
    if isinstance(call.inputs[0], np.ndarray):
        return TensorList(tuple(call.array(0)))
    x = call.tensor(0)
    return TensorList(tuple(unstacked(call, x, 0)), x)


@operators.register("TensorListStack")
def stack(call: Call) -> Value:
    """Return the tensors of a list along a new first axis."""
    items = call.list(0)
    return stacked(call, items.items, 0) if items.source is None else items.source


@operators.register("TensorListGetItem")
def get_item(call: Call) -> Value:
    """Return one tensor of a list."""
    items, place = call.list(0).items, call.whole(1)
    found = items[place] if 0 <= place < len(items) else None
    if found is None:
        raise call.unsupported(f"reads place {place} of {len(items)}, where nothing was written")
    return found


@operators.register("TensorListSetItem")
def set_item(call: Call) -> Value:
    """Return a list with one tensor replaced."""
    items, place = list(call.list(0).items), call.whole(1)
    value = call.array(2) if isinstance(call.inputs[2], np.ndarray) else call.tensor(2)
    if not 0 <= place < len(items):
        raise call.unsupported(f"writes place {place} of {len(items)}")
    items[place] = value
    return TensorList(tuple(items))


@operators.register("TensorListLength")
def length(call: Call) -> Value:
    """Return the number of tensors in a list."""
    return np.array(len(call.list(0).items), dtype=np.int32)
