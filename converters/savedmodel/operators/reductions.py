"""Sums, means and extrema over axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Value

#: operator -> the function of a reduce node, and numpy's
FUNCTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "Sum": ("sum", np.sum),
    "Mean": ("mean", np.mean),
    "Max": ("max", np.max),
    "Min": ("min", np.min),
}


@operators.register("Sum")
@operators.register("Mean")
@operators.register("Max")
@operators.register("Min")
def reduce(call: Call) -> Value:
    """Return the reduction over constant axes."""
    function, computed = FUNCTIONS[call.node.operator]
    axes, keep = call.wholes(1), bool(call.node.whole("keep_dims"))
    if isinstance(call.inputs[0], np.ndarray):
        return np.asarray(computed(call.array(0), axis=tuple(axes), keepdims=keep))
    x = call.tensor(0)
    places = {axis % x.rank for axis in axes}
    inner = sorted(x.axis(place) for place in places)
    made = call.draft.add(
        call.name, "reduce", [x], {"function": function, "axes": inner, "keep": True}
    )
    if keep:
        return made
    sizes = [n for k, n in enumerate(made.sizes) if k not in places]
    return call.draft.reshape(call.name, made, sizes)


@operators.register("Prod")
@operators.register("All")
@operators.register("Any")
def of_sizes(call: Call) -> Value:
    """Return the product of constants, such as sizes, or the answer of conditions."""
    values, axes = call.array(0), tuple(call.wholes(1))
    if call.node.operator == "Prod":
        if values.dtype == object:
            result = np.empty((), dtype=object)
            result[()] = math.prod(values.ravel())
            return result
        return np.asarray(np.prod(values, axis=axes, dtype=values.dtype))
    function = np.all if call.node.operator == "All" else np.any
    return np.asarray(function(values, axis=axes))
