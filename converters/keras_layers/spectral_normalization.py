"""SpectralNormalization: divides the kernel in training; the file holds the divided one."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Steps, handles
from caloexport.converters.keras_layers.inner_layers import inner_layer, steps_of


@handles("SpectralNormalization")
def spectral_normalization(call: LayerCall) -> Steps:
    """Return the layer inside, with its kernel as stored."""
    item = call.config["layer"]
    name = item["config"].get("name") if isinstance(item, dict) else None
    key, inside = inner_layer(call, item, "layer", name, call.shapes[0])
    return steps_of(key, inside)
