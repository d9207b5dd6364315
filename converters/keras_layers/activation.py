"""Activation: a function by name."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, Steps, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.converters.keras_layers.gated import glu


@handles("Activation")
def activation(call: LayerCall) -> Steps:
    """Return the function's step; the identity stays visible as ``linear``."""
    if call.config.get("activation") == "glu":
        return glu(call)
    steps = activation_steps(call.config.get("activation"), call)
    return steps or [Step("activation", {"function": "linear"})]
