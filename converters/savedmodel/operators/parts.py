"""Parts of tensors, and tensors of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.operators.shapes import as_array
from caloexport.converters.savedmodel.values import (
    Categories,
    Showers,
    Size,
    Tensor,
    Value,
    require_moderate,
)
from caloexport.runtime.arrays import Array

#: what a gather of irregular columns may be put together from
MOST_PIECES = 256


def cut(call: Call, x: Tensor, axis: int, start: int, length: int, step: int = 1) -> Tensor:
    """Return a regular part along an axis of the network's shape."""
    if (start, length, step) == (0, x.shape[axis], 1):
        return x
    attributes = {"axis": axis, "start": start, "step": step, "length": length}
    return call.draft.add(call.name, "slice", [x], attributes)


@operators.register("StridedSlice")
def strided_slice(call: Call) -> Value:
    """Return x[begin:end:stride], with the masks that numpy's notation translates to."""
    if isinstance(call.inputs[0], np.ndarray):
        x = call.array(0)
        return np.asarray(x[tuple(_indices(call, x.ndim, as_array(x.shape)))])
    tensor = call.tensor(0)
    sizes: list[Size] = []
    place = 0
    for index in _indices(call, tensor.rank, as_array(tensor.sizes)):
        if index is None:
            sizes.append(1)
            continue
        tensor, kept = _indexed(call, tensor, place, index)
        sizes += [tensor.sizes[place]] if kept else []
        place += 1
    return call.draft.reshape(call.name, tensor, sizes)


def _indexed(call: Call, x: Tensor, place: int, index: int | slice) -> tuple[Tensor, bool]:
    """Apply one index; say whether the axis stays."""
    size = x.sizes[place]
    if isinstance(size, Showers):
        if isinstance(index, slice) and index == slice(None):
            return x, True
        raise call.unsupported("takes a part of the batch axis")
    if isinstance(index, slice):
        chosen = range(size)[index]
        if not chosen:
            raise call.unsupported("takes nothing")
        return cut(call, x, x.axis(place), chosen[0], len(chosen), chosen.step), True
    return cut(call, x, x.axis(place), range(size)[index], 1), False


def _indices(call: Call, rank: int, sizes: Array) -> list[int | slice | None]:
    """Translate begin, end, strides and the five masks into indices of numpy."""
    begin, strides = call.array(1), call.wholes(3)
    end = call.array(2)

    def mask(name: str, bit: int) -> bool:
        return bool(call.node.whole(f"{name}_mask") >> bit & 1)

    given = range(len(begin))
    used = sum(not mask("new_axis", k) and not mask("ellipsis", k) for k in given)
    indices: list[int | slice | None] = []
    for k in given:
        place = sum(index is not None for index in indices)
        if mask("ellipsis", k):
            indices += [slice(None)] * (rank - used)
        elif mask("new_axis", k):
            indices.append(None)
        elif mask("shrink_axis", k):
            indices.append(int(begin[k]))
        else:
            start = None if mask("begin", k) or (begin[k] == 0 and strides[k] > 0) else begin[k]
            stop = None if mask("end", k) or end[k] == sizes[place] else end[k]
            step = None if strides[k] == 1 else strides[k]
            indices.append(slice(_whole(call, start), _whole(call, stop), step))
    missing = rank - sum(index is not None for index in indices)
    return indices + [slice(None)] * missing


def _whole(call: Call, number: object) -> int | None:
    if isinstance(number, Showers):
        raise call.unsupported("takes a part whose size depends on the number of showers")
    return None if number is None else int(number)  # type: ignore[call-overload]


@operators.register("Slice")
def slice_of(call: Call) -> Value:
    """Return sizes[k] values from begin[k] on along each axis; -1 is all that follow."""
    begin, sizes = call.wholes(1), call.array(2)
    if isinstance(call.inputs[0], np.ndarray):
        whole = call.wholes(2)
        ends = [None if n == -1 else b + n for b, n in zip(begin, whole, strict=True)]
        return call.array(0)[tuple(slice(b, e) for b, e in zip(begin, ends, strict=True))]
    x = call.tensor(0)
    for place, (start, length) in enumerate(zip(begin, sizes, strict=True)):
        size = x.sizes[place]
        if isinstance(size, Showers):
            if start or not (length == -1 or length == size):
                raise call.unsupported("takes a part of the batch axis")
            continue
        stop = size if length == -1 else start + int(length)
        if not 0 <= start < stop <= size:
            raise call.unsupported(f"takes the values {start} to {stop} of {size}")
        x = cut(call, x, x.axis(place), start, stop - start)
    return x


@operators.register("Split")
def split(call: Call) -> Sequence[Value]:
    """Return equal parts along an axis."""
    axis, count = call.whole(0), call.node.whole("num_split", 1)
    if isinstance(call.inputs[1], np.ndarray):
        return np.split(call.array(1), count, axis)
    x = call.tensor(1)
    size = x.shape[x.axis(axis)]
    if not 1 <= count <= size or size % count:
        raise call.unsupported(f"splits {size} values into {count} equal parts")
    return _pieces(call, x, axis, [size // count] * count)


@operators.register("SplitV")
def split_by_sizes(call: Call) -> Sequence[Value]:
    """Return parts of given sizes along an axis."""
    sizes, axis = call.wholes(1), call.whole(2)
    if isinstance(call.inputs[0], np.ndarray):
        return np.split(call.array(0), np.cumsum(sizes)[:-1], axis)
    x = call.tensor(0)
    total = x.shape[x.axis(axis)]
    sizes = [total - sum(n for n in sizes if n != -1) if n == -1 else n for n in sizes]
    if sum(sizes) != total or min(sizes) < 0:
        raise call.unsupported(f"splits {total} values into {sizes}")
    return _pieces(call, x, axis, sizes)


def _pieces(call: Call, x: Tensor, axis: int, sizes: Sequence[int]) -> list[Value]:
    starts = np.cumsum([0, *sizes])
    empty = np.zeros([0 if k == axis % x.rank else 1 for k in range(x.rank)], np.float32)
    return [
        cut(call, x, x.axis(axis), int(start), n) if n else empty
        for start, n in zip(starts, sizes, strict=False)
    ]


@operators.register("Unpack")
def unpack(call: Call) -> Sequence[Value]:
    """Return the tensors that lie along an axis."""
    axis = call.node.whole("axis")
    if call.constant:
        return list(np.moveaxis(call.array(0), axis, 0))
    return unstacked(call, call.tensor(0), axis)


def unstacked(call: Call, x: Tensor, axis: int) -> list[Tensor]:
    """Return the tensors along an axis, which disappears."""
    place = axis % x.rank
    inner = x.axis(place)
    parts = [cut(call, x, inner, k, 1) for k in range(x.shape[inner])]
    sizes = [n for k, n in enumerate(x.sizes) if k != place]
    return [call.draft.reshape(call.name, part, sizes) for part in parts]


@operators.register("Pack")
def pack(call: Call) -> Value:
    """Return the inputs along a new axis."""
    axis = call.node.whole("axis")
    if call.constant:
        arrays = call.arrays()
        require_moderate(len(arrays), arrays[0].size)
        return np.stack(arrays, axis)
    return stacked(call, call.inputs, axis)


def stacked(call: Call, values: Sequence[Value | None], axis: int) -> Tensor:
    """Return tensors (and constants) along a new axis."""
    model = next((value for value in values if isinstance(value, Tensor)), None)
    if model is None:
        raise call.unsupported("stacks no tensor")
    place = axis % (model.rank + 1)
    sizes = list(model.sizes)
    sizes.insert(place, 1)
    tensors = []
    for value in values:
        if isinstance(value, np.ndarray):
            value = call.draft.constant(f"{call.name}/constant", model, value)
        if not isinstance(value, Tensor) or value.sizes != model.sizes:
            raise call.unsupported("stacks tensors of different shapes")
        tensors.append(call.draft.reshape(call.name, value, sizes))
    return _side_by_side(call, tensors, place)


@operators.register("ConcatV2")
@operators.register("Concat")
def concatenate(call: Call) -> Value:
    """Return the inputs side by side along an axis."""
    values = [*call.inputs]
    axis_input = values.pop(0 if call.node.operator == "Concat" else -1)
    axis = int(np.asarray(axis_input).ravel()[0])
    if all(isinstance(value, np.ndarray) for value in values):
        arrays = [np.asarray(value) for value in values]
        require_moderate(sum(a.size for a in arrays))
        return np.concatenate(arrays, axis)
    model = next(value for value in values if isinstance(value, Tensor))
    # an empty part, as a split may leave one, adds nothing
    filled = [v for v in values if not isinstance(v, np.ndarray) or v.size]
    tensors = [_beside(call, model, value, axis) for value in filled]
    return _side_by_side(call, tensors, axis)


def _beside(call: Call, model: Tensor, value: Value, axis: int) -> Tensor:
    """Return a value that stands beside a tensor; a constant as one column times 0, plus it."""
    if isinstance(value, np.ndarray):
        place = model.axis(axis)
        column = cut(call, model, place, 0, 1)
        return call.draft.constant(f"{call.name}/constant", column, value)
    if not isinstance(value, Tensor) or (value.batch, value.merged) != (model.batch, model.merged):
        raise call.unsupported("joins tensors with their batch axes in different places")
    return value


def _side_by_side(call: Call, tensors: list[Tensor], axis: int) -> Tensor:
    place = tensors[0].axis(axis)
    if len(tensors) == 1:
        return tensors[0]
    return call.draft.add(call.name, "concatenate", tensors, {"axis": place})


@operators.register("GatherV2")
@operators.register("Gather")
def gather(call: Call) -> Value:
    """Return the values at constant places along an axis."""
    axis = call.whole(2) if call.node.operator == "GatherV2" else 0
    if isinstance(call.inputs[1], Categories) and axis == 0:
        return embedded(call, call.array(0), call.inputs[1].x)
    places = call.array(1)
    if isinstance(call.inputs[0], np.ndarray):
        x = call.array(0)
        require_moderate(places.size, *x.shape[:axis], *x.shape[axis:][1:])
        return np.take(x, [int(n) for n in places.ravel()], axis).reshape(
            *x.shape[:axis], *places.shape, *x.shape[axis:][1:]
        )
    tensor = call.tensor(0)
    if places.ndim > 1 or not places.size:
        raise call.unsupported(f"takes places of the shape {places.shape}")
    made = _gathered(call, tensor, axis, [int(n) for n in places.ravel()])
    place = axis % tensor.rank
    sizes = [n for k, n in enumerate(made.sizes) if places.ndim or k != place]
    return call.draft.reshape(call.name, made, sizes)


@operators.register("ResourceGather")
def gather_rows(call: Call) -> Value:
    """Return the rows of a variable that the inputs choose."""
    rows = call.inputs[1]
    x = rows.x if isinstance(rows, Categories) else call.tensor(1)
    return embedded(call, call.read(call.variable(0)), x)


def embedded(call: Call, table: Array, x: Tensor) -> Tensor:
    """Return a vector of a table for each value of a tensor."""
    if table.ndim != 2:
        raise call.unsupported(f"takes rows of a table of {table.ndim} axes")
    single = call.draft.reshape(call.name, x, (*x.sizes, 1))
    made = call.draft.add(call.name, "embedding", [single], {"column": 0}, {"table": table})
    return call.draft.reshape(call.name, made, (*x.sizes, table.shape[1]))


def _gathered(call: Call, x: Tensor, axis: int, places: list[int]) -> Tensor:
    """Join the regular runs that a list of places consists of."""
    inner = x.axis(axis)
    if min(places) < 0 or max(places) >= x.shape[inner]:
        raise call.unsupported(f"takes places beyond {x.shape[inner]} values")
    pieces, start = [], 0
    while start < len(places):
        step = places[start + 1] - places[start] if start + 1 < len(places) else 1
        step = step or 1
        stop = start + 1
        while stop < len(places) and places[stop] - places[stop - 1] == step:
            stop += 1
        pieces.append(cut(call, x, inner, places[start], stop - start, step))
        start = stop
        if len(pieces) > MOST_PIECES:
            raise call.unsupported(f"takes more than {MOST_PIECES} separate parts")
    return _side_by_side(call, [replace(piece) for piece in pieces], axis)


@operators.register("Pad")
@operators.register("PadV2")
def pad(call: Call) -> Value:
    """Return the tensor with a margin of one constant."""
    margins = np.array(call.wholes(1)).reshape(-1, 2)
    value = float(call.array(2).ravel()[0]) if len(call.inputs) > 2 else 0.0
    if isinstance(call.inputs[0], np.ndarray):
        x = call.array(0)
        require_moderate(*(n + a + b for n, (a, b) in zip(x.shape, margins, strict=True)))
        return np.pad(x, margins, constant_values=value)
    tensor = call.tensor(0)
    padding = [[0, 0] for _ in tensor.shape]
    for place, (before, after) in enumerate(margins.tolist()):
        if before or after:
            padding[tensor.axis(place)] = [before, after]
    return call.draft.add(call.name, "pad", [tensor], {"padding": padding, "value": value})


@operators.register("ReverseV2")
def reverse(call: Call) -> Value:
    """Return the tensor backwards along axes."""
    axes = call.wholes(1)
    if isinstance(call.inputs[0], np.ndarray):
        return np.flip(call.array(0), tuple(axes))
    x = call.tensor(0)
    for axis in axes:
        inner = x.axis(axis)
        size = x.shape[inner]
        x = cut(call, x, inner, size - 1, size, -1) if size > 1 else x
    return x
