"""ReLU, LeakyReLU and ELU: rectifiers with constants, as layers."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles


@handles("ReLU")
def relu(call: LayerCall) -> list[Step]:
    """Return a ReLU with those of its three options that are set."""
    attributes: dict[str, float | str] = {"function": "relu"}
    for option in ("negative_slope", "threshold", "max_value"):
        value = call.config.get(option)
        if value:  # None and 0 mean absent for the first two, and max_value 0 is all zeros
            attributes[option] = float(value)
    if call.config.get("max_value") == 0:
        attributes["max_value"] = 0.0
    return [Step("activation", attributes)]


@handles("LeakyReLU")
def leaky_relu(call: LayerCall) -> list[Step]:
    """Return the slope of the file: ``negative_slope`` in Keras 3, ``alpha`` in Keras 2.

    The layer's default is 0.3; that of the string "leaky_relu" is 0.2.
    """
    slope = call.config.get("negative_slope", call.config.get("alpha", 0.3))
    return [Step("activation", {"function": "leaky_relu", "negative_slope": float(slope)})]


@handles("ELU")
def elu(call: LayerCall) -> list[Step]:
    """Return the exponential linear unit."""
    return [Step("activation", {"function": "elu", "alpha": float(call.config.get("alpha", 1.0))})]
