"""Softmax as a layer."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles, is_last_axis


@handles("Softmax")
def softmax(call: LayerCall) -> list[Step]:
    """Return softmax over the last axis."""
    axis = call.config.get("axis", -1)
    if not is_last_axis(axis, call.shapes[0]):
        message = f"it sums over axis {axis}, only the last axis is supported"
        raise call.unsupported(message)
    return [Step("activation", {"function": "softmax"})]
