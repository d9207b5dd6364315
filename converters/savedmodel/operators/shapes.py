"""Shapes: asking for them, and giving tensors new ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import (
    Showers,
    Size,
    Spread,
    Tensor,
    Value,
    require_moderate,
)
from caloexport.runtime.arrays import Array


def as_array(sizes: Sequence[Size]) -> Array:
    """Return sizes as a constant of the graph."""
    if any(isinstance(n, Showers) for n in sizes):
        array = np.empty(len(sizes), dtype=object)
        array[:] = list(sizes)
        return array
    return np.array(sizes, dtype=np.int32)


def as_size(number: object) -> Size:
    """Return an element of a shape as a size."""
    return number if isinstance(number, Showers) else int(number)  # type: ignore[call-overload]


@operators.register("Shape")
@operators.register("ShapeN")
def shape(call: Call) -> Sequence[Value]:
    """Return the shape of each input."""
    return [
        np.array(x.shape, dtype=np.int32) if isinstance(x, np.ndarray) else as_array(x.sizes)
        for x in (
            call.array(k) if isinstance(value, np.ndarray) else call.tensor(k)
            for k, value in enumerate(call.inputs)
        )
    ]


@operators.register("Rank")
def rank(call: Call) -> Value:
    """Return the number of axes."""
    value = call.inputs[0]
    return np.array(value.ndim if isinstance(value, np.ndarray) else call.tensor(0).rank)


@operators.register("Size")
def size(call: Call) -> Value:
    """Return the number of values."""
    if call.constant:
        return np.array(call.array(0).size)
    return as_array([Showers(math.prod(call.tensor(0).shape))]).reshape(())


@operators.register("Reshape")
def reshape(call: Call) -> Value:
    """Return the values in another shape, C order."""
    target = call.array(1).ravel()
    if call.constant:
        return call.array(0).reshape([int(n) for n in target])
    x = call.tensor(0)
    return call.draft.reshape(call.name, x, _resolved(call, x, [as_size(n) for n in target]))


def _resolved(call: Call, x: Tensor, sizes: list[Size]) -> list[Size]:
    """Put numbers in the place of -1."""
    values, batch = math.prod(x.shape), call.draft.batch
    first = sizes[0] if sizes else -1
    if batch and isinstance(first, int) and first > 0 and first % batch == 0:
        # the graph writes its fixed number of showers as an ordinary size
        sizes[0] = Showers(first // batch)
    open_places = [k for k, n in enumerate(sizes) if isinstance(n, int) and n == -1]
    others = math.prod(int(n) for n in sizes if isinstance(n, int) and n != -1)
    factor = math.prod(n.factor for n in sizes if isinstance(n, Showers))
    if len(open_places) > 1 or others * factor == 0 or values % (others * factor):
        raise call.unsupported(f"makes the shape {sizes} of {x.sizes}")
    if open_places:
        left = values // (others * factor)
        batch_is_open = not any(isinstance(n, Showers) for n in sizes)
        sizes[open_places[0]] = Showers(left) if batch_is_open else left
    return sizes


@operators.register("ExpandDims")
def expand(call: Call) -> Value:
    """Return the tensor with one more axis of size 1."""
    axis = call.whole(1)
    spread = call.inputs[0]
    if isinstance(spread, Spread) and axis in (1, -3):
        return Spread(_expanded(call, spread.x, axis), spread.block)
    if isinstance(call.inputs[0], np.ndarray):
        return np.expand_dims(call.array(0), axis)
    return _expanded(call, call.tensor(0), axis)


def _expanded(call: Call, x: Tensor, axis: int) -> Tensor:
    sizes = list(x.sizes)
    sizes.insert(axis + len(sizes) + 1 if axis < 0 else axis, 1)
    return call.draft.reshape(call.name, x, sizes)


@operators.register("Squeeze")
def squeeze(call: Call) -> Value:
    """Return the tensor without axes of size 1."""
    axes = call.node.wholes("squeeze_dims")
    spread = call.inputs[0]
    if isinstance(spread, Spread) and axes in ((1,), (-3,)):
        return Spread(_squeezed(call, spread.x, axes), spread.block)
    if call.constant:
        return np.squeeze(call.array(0), axes or None)
    return _squeezed(call, call.tensor(0), axes)


def _squeezed(call: Call, x: Tensor, axes: Sequence[int]) -> Tensor:
    places = {axis % x.rank for axis in axes}
    chosen = places or {k for k, n in enumerate(x.sizes) if n == 1}
    if any(x.sizes[k] != 1 for k in chosen):
        raise call.unsupported(f"takes the axes {axes} from {x.sizes}")
    return call.draft.reshape(call.name, x, [n for k, n in enumerate(x.sizes) if k not in chosen])


@operators.register("Transpose")
def transpose(call: Call) -> Value:
    """Return the tensor with its axes in another order."""
    order = call.wholes(1)
    if isinstance(call.inputs[0], np.ndarray):
        return call.array(0).transpose(order)
    x = call.tensor(0)
    if sorted(order) != list(range(x.rank)):
        raise call.unsupported(f"orders {x.rank} axes by {order}")
    if order == list(range(x.rank)):
        return x
    if x.merged:
        raise call.unsupported("moves an axis that holds showers and cells together")
    batch = order.index(x.batch)
    inner = [x.axis(place) for place in order if place != x.batch]
    if inner == list(range(len(inner))):
        return Tensor(x.name, x.shape, batch)
    made = call.draft.add(call.name, "permute", [x], {"order": inner})
    return Tensor(made.name, made.shape, batch)


@operators.register("Tile")
def tile(call: Call) -> Value:
    """Return the tensor repeated as a whole along axes."""
    times = call.wholes(1)
    if call.constant:
        x = call.array(0)
        require_moderate(x.size, *times)
        return np.tile(x, times)
    return _tiled(call, call.tensor(0), times)


@operators.register("BroadcastTo")
def broadcast(call: Call) -> Value:
    """Return the tensor repeated to a shape."""
    target = [as_size(n) for n in call.array(1).ravel()]
    if isinstance(call.inputs[0], np.ndarray):
        # the same for each shower: one is enough
        sizes = [n if isinstance(n, int) else 1 for n in target]
        require_moderate(*sizes)
        return np.broadcast_to(call.array(0), sizes)
    x = call.tensor(0)
    if len(target) != x.rank:
        raise call.unsupported(f"makes {target} of {x.sizes}")
    times = [
        new if old == 1 and isinstance(new, int) else 1
        for old, new in zip(x.sizes, target, strict=True)
    ]
    return _tiled(call, x, times)


def _tiled(call: Call, x: Tensor, times: Sequence[int]) -> Tensor:
    if len(times) != x.rank or min(times, default=0) < 1:
        raise call.unsupported(f"repeats {x.sizes} by {list(times)}")
    for place, count in enumerate(times):
        if count == 1:
            continue
        axis = x.axis(place)
        if x.shape[axis] == 1:
            shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
            x = call.draft.repeat(call.name, x, shape)
        else:
            require_moderate(count, math.prod(x.shape))
            x = call.draft.add(call.name, "concatenate", [x] * count, {"axis": axis})
    return x
