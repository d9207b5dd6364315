"""Reshape and Flatten."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import BATCH, UNIT, Batch, Operand, Value
from caloexport.runtime.arrays import Array


def _fold(call: Call, operands: list[Array]) -> Array:
    shape = [int(n) for n in operands[1]]
    if not call.integer("allowzero", 0):
        shape = [operands[0].shape[k] if n == 0 else n for k, n in enumerate(shape)]
    return operands[0].reshape(shape)


@operator("Reshape", fold=_fold)
def reshape(call: Call) -> list[Operand]:
    """Another shape in the same order; the batch may be joined to the axis behind it."""
    sizes = call.wholes(1, "shape")
    if sizes is None:
        raise call.damaged("it has no shape")
    value = call.layout.canonical(call.value())
    zero_copies = not call.integer("allowzero", 0)
    dims = [value.dims[k] if n == 0 and zero_copies else n for k, n in enumerate(sizes)]
    return [reshaped(call, value, dims)]


def reshaped(call: Call, value: Value, dims: list[Any]) -> Value:
    """Return a canonical value with the sizes ``dims``, of which one may be -1."""
    total = math.prod(value.shape)
    if BATCH not in value.axes:
        sizes = _completed(call, dims, total)
        made = call.layout.reshaped(value, tuple(sizes) or (1,))
        return replace(made, axes=tuple(range(len(sizes))))
    if value.axes[0] != BATCH:
        return _around_batch(call, value, dims)
    if not dims:
        raise call.unsupported("it leaves no axis for the showers")
    if dims[0] == 1 and not call.layout.single:  # with many showers, the batch comes behind it
        made = reshaped(call, value, list(dims[1:]))
        return replace(made, axes=(UNIT, *made.axes))
    first, rest = dims[0], list(dims[1:])
    if any(isinstance(n, Batch) for n in rest):
        raise call.unsupported("it moves the batch axis")
    if isinstance(first, Batch):
        rows = first.factor
        rest = _completed(call, rest, total // rows) if total % rows == 0 else rest
    elif first == -1:
        inner = math.prod(rest)
        rows = total // inner if inner > 0 and total % inner == 0 else 0
    else:  # a batch of one shower
        rows = first
        rest = _completed(call, rest, total // rows) if rows > 0 and total % rows == 0 else rest
    if rows < 1 or min(rest, default=1) < 1 or rows * math.prod(rest) != total:
        shown = [n if isinstance(n, int) else "batch" for n in dims]
        raise call.damaged(f"{total} values for each shower do not fit the shape {shown}")
    return _joined(call, value, rows, rest)


def _around_batch(call: Call, value: Value, dims: list[Any]) -> Value:
    """Return a value whose batch is not its first axis: what stands before it stays before it."""
    before = math.prod(n for n in value.dims[: value.axes.index(BATCH)] if isinstance(n, int))
    for place, size in enumerate(dims):
        rest = [*dims[:place], *dims[place + 1 :]]
        if size not in (1, Batch()) or any(isinstance(n, Batch) for n in rest):
            continue
        sizes = _completed(call, rest, math.prod(value.shape))
        if math.prod(sizes[:place]) == before:
            made = call.layout.reshaped(value, tuple(sizes))
            axes = [*range(len(sizes))]
            return replace(made, axes=(*axes[:place], BATCH, *axes[place:]))
    raise call.unsupported("it moves the batch axis")


def _joined(call: Call, value: Value, rows: int, rest: list[int]) -> Value:
    """Return a value of which ``rows`` rows are one shower."""
    if rows == 1 and rest:
        made = call.layout.reshaped(value, tuple(rest))
        return replace(made, axes=(BATCH, *range(len(rest))), merged=False)
    made = call.layout.reshaped(value, (rows, *rest))
    return replace(made, axes=(BATCH, *range(1, len(rest) + 1)), merged=True)


def _completed(call: Call, sizes: list[int], total: int) -> list[int]:
    """Return sizes with -1 replaced by what is left of ``total``."""
    known = math.prod(n for n in sizes if n != -1)
    if -1 in sizes and known > 0 and total % known == 0:
        sizes = [total // known if n == -1 else n for n in sizes]
    if min(sizes, default=1) < 1 or math.prod(sizes) != total:
        raise call.damaged(f"{total} values do not fit the shape {sizes}")
    return sizes


@operator("Flatten")
def flatten(call: Call) -> list[Operand]:
    """Two axes: those before ``axis`` and those from it on, usually batch and the rest."""
    value = call.layout.canonical(call.value())
    axis = call.integer("axis", 1)
    axis = axis + value.rank if axis < 0 else axis
    if not 0 <= axis <= value.rank:
        raise call.damaged(f"it flattens from axis {axis} of {value.rank}")
    if BATCH not in value.axes:
        sizes = [math.prod(value.shape[:axis]), math.prod(value.shape[axis:])]
        return [reshaped(call, value, sizes)]
    return [reshaped(call, value, [-1, math.prod(_inner(call, value, axis))])]


def _inner(call: Call, value: Value, axis: int) -> list[int]:
    sizes = [n for n in value.dims[axis:] if isinstance(n, int)]
    if len(sizes) < value.rank - axis:
        raise call.unsupported("it joins the batch axis to those behind it")
    return sizes
