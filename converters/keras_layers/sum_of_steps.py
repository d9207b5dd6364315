"""Sum: the class that LWTNN's users define for deep sets (lwtnn, scripts/CustomLayers.py)."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles


@handles("custom.Sum", "Sum")
def sum_of_steps(call: LayerCall) -> list[Step]:
    """Return the sum over the steps of a sequence."""
    if len(call.shapes[0]) != 2:
        message = f"it sums over the steps of {call.shapes[0]}, expected (steps, values)"
        raise call.unsupported(message)
    return [Step("reduce", {"function": "sum", "axes": [0], "keep": False})]
