"""Expand and Tile."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.operators.concat import joined
from caloexport.converters.onnx.values import BATCH, Batch, Operand
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import MAX_VALUES


def _fold_expand(call: Call, operands: list[Array]) -> Array:
    # a constant is the same for all showers: its batch axis may have size 1
    shape = [1 if isinstance(n, Batch) else int(n) for n in operands[1].tolist()]
    shape = list(np.broadcast_shapes(operands[0].shape, tuple(shape)))
    if math.prod(shape) > MAX_VALUES:
        raise call.damaged(f"it makes a tensor of the impossible shape {shape}")
    return np.broadcast_to(operands[0], shape)


@operator("Expand", fold=_fold_expand)
def expand(call: Call) -> list[Operand]:
    """Values repeated along axes of size 1."""
    value, sizes = call.value(), call.wholes(1) or []
    offset = value.rank - len(sizes)
    for k, size in enumerate(sizes):
        axis = k + offset
        batch = axis >= 0 and value.axes[axis] == BATCH
        if (batch and size not in (1, value.dims[axis])) or (not batch and isinstance(size, Batch)):
            raise call.unsupported("it repeats showers")
    return [call.layout.expanded(value, [n if isinstance(n, int) else 1 for n in sizes])]


def _fold_tile(call: Call, operands: list[Array]) -> Array:
    repeats = [int(n) for n in operands[1]]
    if operands[0].size * math.prod(repeats) > MAX_VALUES:
        raise call.damaged(f"it repeats a tensor {repeats} times")
    return np.tile(operands[0], repeats)


@operator("Tile", fold=_fold_tile)
def tile(call: Call) -> list[Operand]:
    """The tensor side by side with itself."""
    value, repeats = call.value(), call.wholes(1) or []
    if len(repeats) != value.rank:
        raise call.damaged(f"it repeats {value.rank} axes {repeats} times")
    for axis, times in enumerate(repeats):
        if times == 1:
            continue
        call.inner_axis(axis, value)
        if not isinstance(times, int) or not 1 <= times * math.prod(value.shape) <= MAX_VALUES:
            raise call.damaged(f"it repeats a tensor {times} times")
        if value.dims[axis] == 1:
            sizes = [times if k == axis else 1 for k in range(value.rank)]
            value = call.layout.expanded(value, sizes)
        else:
            value = joined(call, [value] * times, axis)
    return [value]
