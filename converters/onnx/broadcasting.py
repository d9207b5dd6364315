"""Element-wise arithmetic between tensors and constants of any axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.layout import padded, padded_constant
from caloexport.converters.onnx.values import BATCH, Value
from caloexport.runtime.arrays import Array


def affine(call: Call, value: Value, scale: Array, offset: Array, role: str = "") -> Value:
    """Return scale·value + offset as a normalization.

    Args:
        call: the operator.
        value: the tensor.
        scale, offset: constants that broadcast with the tensor.
        role: part of the layer's name.

    Raises:
        UnsupportedError: a constant differs from shower to shower.
    """

    def normalization(shaped: Value, weights: list[Array]) -> Value:
        named = dict(zip(("scale", "offset"), weights, strict=True))
        return call.add("normalization", [shaped], role, named)

    return per_unit(call, value, [scale, offset], normalization)


def per_unit(
    call: Call,
    value: Value,
    constants: list[Array],
    make: Callable[[Value, list[Array]], Value],
) -> Value:
    """Apply a layer with weights for each unit, along whichever axes the constants vary.

    Args:
        call: the operator.
        value: the tensor.
        constants: broadcast with the tensor.
        make: gets a value and the constants as (units,) of its last axis; adds the layer.
    """
    constants = [np.asarray(constant, np.float64) for constant in constants]
    rank = max(value.rank, *(constant.ndim for constant in constants))
    constants = [padded_constant(constant, rank) for constant in constants]
    value = _enlarged(call, value, np.broadcast_shapes(*(c.shape for c in constants)))
    constants = [_by_layer_axis(value, constant) for constant in constants]
    sizes = np.broadcast_shapes(*(constant.shape for constant in constants))
    varying = [axis for axis, size in enumerate(sizes) if size > 1]
    if len(varying) <= 1:
        last = varying[0] if varying else len(value.shape) - 1
        others = [k for k in range(len(value.shape)) if k != last]
        value = call.layout.permuted(value, [*others, last])
        units = (value.shape[-1],)
        return make(value, [np.broadcast_to(c.ravel(), units).copy() for c in constants])
    flat = call.layout.reshaped(value, (math.prod(value.shape),))
    made = make(flat, [np.broadcast_to(c, value.shape).ravel() for c in constants])
    return replace(call.layout.reshaped(made, value.shape), axes=value.axes)


def _enlarged(call: Call, value: Value, sizes: tuple[int, ...]) -> Value:
    """Expand a tensor to what it becomes beside a constant of some shape."""
    value = padded(value, len(sizes))
    for axis, size in enumerate(sizes):
        if value.axes[axis] == BATCH and size != 1:
            raise call.unsupported("a constant has an axis for the showers")
        if value.axes[axis] != BATCH and size != 1 and value.dims[axis] not in (1, size):
            message = f"a constant of shape {sizes} does not fit a tensor of {_shown(value)}"
            raise call.damaged(message)
    return call.layout.expanded(value, sizes)


def _by_layer_axis(value: Value, constant: Array) -> Array:
    """Return a constant with the axes of the layer instead of those of the tensor."""
    listed = [axis for axis in value.axes if axis >= 0]
    places = {axis: place for place, axis in enumerate(value.axes) if axis >= 0}
    order = [places[axis] for axis in sorted(listed)]
    rest = [place for place in range(value.rank) if place not in order]
    sizes = [constant.shape[places[k]] if k in places else 1 for k in range(len(value.shape))]
    return constant.transpose(order + rest).reshape(sizes)


def combined(call: Call, kind: str, *values: Value) -> Value:
    """Return the element-wise combination of tensors by a layer kind.

    Raises:
        UnsupportedError: their batch axes do not coincide.
    """
    rank = max(value.rank for value in values)
    alike = [padded(value, rank) for value in values]
    first = alike[0]
    for value in alike[1:]:
        same = [axis == BATCH for axis in first.axes] == [axis == BATCH for axis in value.axes]
        if not same or first.merged != value.merged:
            message = f"it combines tensors of {_shown(first)} and {_shown(value)}"
            raise call.unsupported(f"{message}, which mixes showers")
    if any(v.axes != first.axes or len(v.shape) != len(first.shape) for v in alike):
        alike = [call.layout.canonical(value) for value in alike]
    return call.add(kind, alike)


def _shown(value: Value) -> str:
    sizes = (n if isinstance(n, int) else "batch" for n in value.dims)
    return f"({', '.join(map(str, sizes))})"
