"""Concatenate, Add and Multiply: several inputs, one output."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles, is_last_axis


@handles("Concatenate")
def concatenate(call: LayerCall) -> list[Step]:
    """Return the inputs side by side."""
    axis = call.config.get("axis", -1)
    if not is_last_axis(axis, call.shapes[0]):
        message = f"it joins along axis {axis}, only the last axis is supported"
        raise call.unsupported(message)
    return [Step("concatenate")]


@handles("Add", "ops.Add")
def add(call: LayerCall) -> list[Step]:
    """Return the sum."""
    _require_one_rank(call)
    return [Step("add")]


@handles("Multiply", "ops.Multiply")
def multiply(call: LayerCall) -> list[Step]:
    """Return the product."""
    _require_one_rank(call)
    return [Step("multiply")]


def _require_one_rank(call: LayerCall) -> None:
    """Refuse inputs that Keras would align by its own rule (new axes after the batch axis)."""
    if len({len(shape) for shape in call.shapes}) > 1:
        message = f"its inputs have different numbers of axes: {list(call.shapes)}"
        raise call.unsupported(message, "reshape them to the same number of axes")
