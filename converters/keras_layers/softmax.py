"""Softmax and its logarithm, along any axes."""

from __future__ import annotations

import math
from typing import Any

from caloexport.converters.keras_layers import LayerCall, Step, handles

FUNCTIONS = {"Softmax": "softmax", "LogSoftmax": "log_softmax"}


@handles("Softmax", "ops.Softmax", "ops.LogSoftmax")
def softmax(call: LayerCall) -> list[Step]:
    """Return the function over the last axis, to which the axes are brought and from there back."""
    shape, axes = call.shapes[0], _axes(call)
    rest = [axis for axis in range(len(shape)) if axis not in axes]
    order = [*rest, *axes]
    ordered = [shape[axis] for axis in order]
    together = [*ordered[: len(rest)], math.prod(ordered[len(rest) :])]
    steps = [Step("activation", {"function": FUNCTIONS[call.class_name]})]
    if len(axes) > 1:
        there, back = Step("reshape", {"shape": together}), Step("reshape", {"shape": ordered})
        steps = [there, *steps, back]
    if order != sorted(order):
        back_order = [order.index(axis) for axis in range(len(shape))]
        steps = [
            Step("permute", {"order": order}),
            *steps,
            Step("permute", {"order": back_order}),
        ]
    return steps


def _axes(call: LayerCall) -> list[int]:
    """Return the axes without the batch axis, ascending."""
    axis: Any = call.config.get("axis", -1)
    rank = len(call.shapes[0]) + 1
    given = axis if isinstance(axis, (list, tuple)) else [axis]
    if not given or not all(type(n) is int and -rank <= n < rank for n in given):
        message = f"it works along the axis {axis!r:.40}, expected numbers of axes"
        raise call.unsupported(message)
    found = sorted({n % rank for n in given})
    if found[0] == 0:
        message = f"it works along axis {axis}, across the showers of a batch"
        raise call.unsupported(message, "only axes of one shower are supported")
    return [n - 1 for n in found]
