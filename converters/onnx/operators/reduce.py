"""Reductions: ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceProd of sizes, pooling over all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import UNIT, Operand, Value
from caloexport.runtime.arrays import Array

FUNCTIONS = {
    "ReduceSum": "sum", "ReduceMean": "mean", "ReduceMax": "max", "ReduceMin": "min",
}  # fmt: skip
FOLDS: dict[str, Callable[..., Any]] = {
    "ReduceSum": np.sum, "ReduceMean": np.mean, "ReduceMax": np.max, "ReduceMin": np.min,
    "ReduceProd": np.prod,
}  # fmt: skip


def _axes(call: Call, rank: int) -> list[int] | None:
    axes = call.wholes(1, "axes")
    if not axes:
        return [] if call.integer("noop_with_empty_axes", 0) else None
    return [call.axis(axis, rank) for axis in axes]


def _fold(call: Call, operands: list[Array]) -> Array:
    axes = _axes(call, operands[0].ndim)
    keep = bool(call.integer("keepdims", 1))
    axis = None if axes is None else tuple(axes)
    found = FOLDS[call.node.operator](operands[0], axis=axis, keepdims=keep)
    return np.asarray(found, operands[0].dtype)


@operator(*FUNCTIONS, fold=_fold)
def reduce(call: Call) -> list[Operand]:
    """A reduction over axes of each shower."""
    value = call.value()
    axes = _axes(call, value.rank)
    axes = list(range(value.rank)) if axes is None else axes
    function = FUNCTIONS[call.node.operator]
    return [reduced(call, value, function, axes, bool(call.integer("keepdims", 1)))]


def reduced(call: Call, value: Value, function: str, axes: list[int], keep: bool) -> Value:
    """Return a reduction over axes of the tensor; the layer keeps its axes with size 1."""
    places = [value.axes[call.inner_axis(axis, value)] for axis in axes]
    places = sorted(place for place in places if place != UNIT)
    if places:
        value = call.add("reduce", [value], function=function, axes=places, keep=True)
    if keep:
        return value
    return replace(value, axes=tuple(a for k, a in enumerate(value.axes) if k not in axes))


@operator("ReduceProd", fold=_fold)
def reduce_prod(call: Call) -> list[Operand]:
    """Products of sizes only."""
    raise call.unsupported("it multiplies values with each other")


@operator("GlobalAveragePool", "GlobalMaxPool")
def global_pool(call: Call) -> list[Operand]:
    """A reduction over all axes but batch and channels."""
    value = call.value()
    function = "mean" if call.node.operator == "GlobalAveragePool" else "max"
    return [reduced(call, value, function, list(range(2, value.rank)), keep=True)]
