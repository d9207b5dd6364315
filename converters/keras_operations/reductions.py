"""Sums, means and extremes over axes."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles

FUNCTIONS = {
    "Sum": "sum",
    "Mean": "mean",
    "Average": "mean",
    "Max": "max",
    "Amax": "max",
    "Min": "min",
    "Amin": "min",
}


@handles(*(f"ops.{name}" for name in FUNCTIONS))
def reduction(call: LayerCall) -> list[Step]:
    """Return the reduction; without any axis left it is one value per shower."""
    axis, keep = call.option("axis"), bool(call.option("keepdims", default=False))
    if axis is None:
        message = "it reduces over all axes, the showers of a batch among them"
        raise call.unsupported(message, "name the axes")
    for name in ("initial", "weights"):
        if call.option(name) is not None:
            message = f"it is called with {name} = {call.option(name)!r:.40}"
            raise call.unsupported(message)
    axes = call.axes(axis)
    attributes = {"function": FUNCTIONS[call.class_name], "axes": axes, "keep": keep}
    return [Step("reduce", attributes, scalar=not keep and len(axes) == len(call.shapes[0]))]
