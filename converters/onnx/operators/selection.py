"""Slice, Split and Gather: parts of an axis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.operators.concat import joined
from caloexport.converters.onnx.values import BATCH, UNIT, Operand, Value
from caloexport.runtime.arrays import Array

#: more pieces than this are picked by a matrix of zeros and ones
MAX_PIECES, MAX_MATRIX = 16, 2**22


def _slices(call: Call, rank: int) -> dict[int, slice]:
    starts, ends = call.wholes(1, "starts"), call.wholes(2, "ends")
    if starts is None or ends is None:
        raise call.damaged("it has no starts and ends")
    axes = call.wholes(3, "axes") or list(range(len(starts)))
    steps = call.wholes(4) or [1] * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise call.damaged(f"it slices from {starts} to {ends} along {axes} by {steps}")
    if not all(isinstance(n, int) for n in (*starts, *ends)):
        raise call.unsupported("it slices by the number of showers")
    found = {}
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        # for a negative step, an end before the first value is written as a very negative number
        found[call.axis(axis, rank)] = slice(start, end, step)
    return found


def _fold_slice(call: Call, operands: list[Array]) -> Array:
    parts = _slices(call, operands[0].ndim)
    return operands[0][tuple(parts.get(k, slice(None)) for k in range(operands[0].ndim))]


@operator("Slice", fold=_fold_slice)
def slice_(call: Call) -> list[Operand]:
    """A slice along each of the axes."""
    value = call.value()
    for axis, part in _slices(call, value.rank).items():
        if value.axes[axis] == BATCH:
            if part.start == 0 and part.step == 1 and part.stop >= 2**31 - 1:
                continue
            raise call.unsupported("it picks showers")
        size = value.dims[axis]
        assert isinstance(size, int)
        value = picked(call, value, axis, list(range(size)[part]))
    return [value]


def picked(call: Call, value: Value, axis: int, places: list[int]) -> Value:
    """Return the values at ``places`` of an axis of the tensor, in that order."""
    size = value.dims[axis]
    assert isinstance(size, int)
    if not places:
        raise call.unsupported("it leaves nothing of a tensor")
    if min(places) < -size or max(places) >= size:
        raise call.damaged(f"it picks {places!r:.60} of {size} values")
    places = [place % size for place in places]
    if places == list(range(size)):
        return value
    if value.axes[axis] == UNIT:
        value = call.layout.canonical(value)
    times = len(places) // size
    if times > 1 and places == [k // times for k in range(size * times)]:
        factors = [1] * len(value.shape)
        factors[value.axes[axis]] = times
        return call.add("upsample", [value], factors=factors)
    runs = _runs(places)
    if len(runs) > MAX_PIECES:
        if size * len(places) > MAX_MATRIX:
            raise call.unsupported(f"it picks {len(places)} of {size} values in no order")
        value = call.layout.with_last(value, axis)
        kernel = np.zeros((size, len(places)), np.float32)
        kernel[places, np.arange(len(places))] = 1
        return call.add("dense", [value], "", {"kernel": kernel, "bias": np.zeros(len(places))})
    parts = [_part(call, value, axis, run) for run in runs]
    return joined(call, parts, axis)


def _runs(places: list[int]) -> list[tuple[int, int, int]]:
    """Return (start, step, length) of the regular pieces of a list."""
    runs: list[tuple[int, int, int]] = []
    for place in places:
        if runs:
            start, step, length = runs[-1]
            fits = length == 1 or place == start + step * length
            if fits and place != start:
                runs[-1] = (start, place - start if length == 1 else step, length + 1)
                continue
        runs.append((place, 1, 1))
    return runs


def _part(call: Call, value: Value, axis: int, run: tuple[int, int, int]) -> Value:
    start, step, length = run
    place = value.axes[axis]
    if start == 0 and step == 1 and length == value.shape[place]:
        return value
    return call.add("slice", [value], axis=place, start=start, step=step, length=length)


def _fold_split(call: Call, operands: list[Array]) -> list[Array]:
    values, count = operands[0], len(call.node.outputs)
    axis = call.axis(call.integer("axis", 0), values.ndim)
    sizes = call.wholes(1, "split") or _equal_parts(values.shape[axis], count)
    return list(np.split(values, np.cumsum(sizes)[:-1], axis))


@operator("Split", fold=_fold_split)
def split(call: Call) -> list[Operand]:
    """A slice for each part."""
    value = call.value()
    axis = call.inner_axis(call.integer("axis", 0), value)
    size, count = value.dims[axis], len(call.node.outputs)
    assert isinstance(size, int)
    sizes = call.wholes(1, "split") or _equal_parts(size, count)
    if len(sizes) != count or sum(sizes) != size or min(sizes) < 1:
        raise call.damaged(f"it splits {size} values into {count} parts of {sizes}")
    stops = np.cumsum(sizes).tolist()
    parts = zip(sizes, stops, strict=True)
    return [picked(call, value, axis, list(range(stop - n, stop))) for n, stop in parts]


def _equal_parts(size: int, count: int) -> list[int]:
    part = -(-size // count)
    return [part] * (count - 1) + [size - part * (count - 1)]


def _fold_gather(call: Call, operands: list[Array]) -> Array:
    axis = call.axis(call.integer("axis", 0), operands[0].ndim)
    size, places = operands[0].shape[axis], operands[1].astype(np.int64)
    if ((places < -size) | (places >= size)).any():
        raise call.damaged(f"it picks {places.ravel().tolist()!r:.60} of {size} values")
    return np.asarray(np.take(operands[0], places, axis=axis))


@operator("Gather", fold=_fold_gather)
def gather(call: Call) -> list[Operand]:
    """Values picked by constant numbers, or rows of a constant table picked by values."""
    indices = call.operand(1)
    if isinstance(indices, Value):
        return [_looked_up(call, indices)]
    value = call.value(0)
    axis = call.inner_axis(call.integer("axis", 0), value)
    places: list[Any] = call.wholes(1) or []
    part = picked(call, value, axis, places)
    if call.weights(1).ndim == 0:
        return [replace(part, axes=part.axes[:axis] + part.axes[axis + 1 :])]
    if call.weights(1).ndim > 1:
        raise call.unsupported("it picks by a matrix of numbers")
    return [part]


def _looked_up(call: Call, indices: Value) -> Value:
    """Return an embedding: for each value the row of a table."""
    table = call.weights(0)
    if table.ndim != 2 or call.axis(call.integer("axis", 0), 2) != 0:
        raise call.unsupported("it picks from a tensor that is not a table of rows")
    value = call.layout.canonical(indices)
    cells = tuple(value.shape[axis] for axis in value.axes if axis >= 0)
    if value.merged:
        raise call.unsupported("its rows are picked by several rows of each shower")
    single = call.layout.reshaped(value, (*cells, 1))
    made = call.add("embedding", [single], "", {"table": np.array(table)}, column=0)
    return replace(made, axes=(*value.axes, len(made.shape) - 1), whole=False, rounded=False)
