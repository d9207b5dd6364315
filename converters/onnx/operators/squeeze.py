"""Squeeze and Unsqueeze."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import BATCH, UNIT, Operand, Value
from caloexport.runtime.arrays import Array


def _fold_squeeze(call: Call, operands: list[Array]) -> Array:
    axes = call.wholes(1, "axes")
    return np.squeeze(operands[0], None if axes is None else tuple(axes))


@operator("Squeeze", fold=_fold_squeeze)
def squeeze(call: Call) -> list[Operand]:
    """Leave out axes of size 1; the layer keeps its shape."""
    value = call.value()
    axes = call.wholes(1, "axes")
    if axes is None:
        axes = [k for k, size in enumerate(value.dims) if size == 1]
    dropped = {call.axis(axis, value.rank) for axis in axes}
    for axis in dropped:
        if value.axes[axis] == BATCH:
            return [_without_batch(call, value, dropped)]
        if value.dims[axis] != 1:
            raise call.damaged(f"it takes away axis {axis}, which has {value.dims[axis]} values")
    kept = tuple(a for k, a in enumerate(value.axes) if k not in dropped)
    return [replace(value, axes=kept)]


def _without_batch(call: Call, value: Value, dropped: set[int]) -> Value:
    """Join the batch, of one shower, to the axis behind it."""
    value = call.layout.canonical(value)
    if not call.layout.single or value.axes[0] != BATCH or value.merged or dropped != {0}:
        raise call.unsupported("it takes the batch axis away")
    if value.rank < 2:
        raise call.unsupported("it leaves no axis for the showers")
    return replace(value, axes=(BATCH, *range(1, value.rank - 1)), merged=True)


def _fold_unsqueeze(call: Call, operands: list[Array]) -> Array:
    return np.expand_dims(operands[0], tuple(call.wholes(1, "axes") or ()))


@operator("Unsqueeze", fold=_fold_unsqueeze)
def unsqueeze(call: Call) -> list[Operand]:
    """Put in axes of size 1; the layer keeps its shape."""
    value = call.value()
    axes = call.wholes(1, "axes") or []
    rank = value.rank + len(axes)
    places = {call.axis(axis, rank) for axis in axes}
    if len(places) < len(axes):
        raise call.damaged(f"it puts in one axis twice: {axes}")
    old = iter(value.axes)
    return [replace(value, axes=tuple(UNIT if k in places else next(old) for k in range(rank)))]
