"""InputLayer and Identity: they pass on what they get."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles


@handles("InputLayer", "Identity")
def input_layer(call: LayerCall) -> list[Step]:
    """Return no step: consumers read the input itself."""
    return []
