"""ReLU, LeakyReLU, ELU, ThresholdedReLU and PReLU: rectifiers as layers."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.runtime.errors import InputFileError


@handles("ReLU", "activations.ReLU", "ops.ReLU")
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


@handles("ThresholdedReLU")
def thresholded_relu(call: LayerCall) -> list[Step]:
    """Return x above ``theta``, 0 elsewhere: a layer of Keras 2."""
    theta = float(call.config.get("theta", 1.0))
    return [Step("activation", {"function": "threshold", "threshold": theta, "value": 0.0})]


@handles("PReLU")
def prelu(call: LayerCall) -> list[Step]:
    """Return the rectifier with a trained slope per value, shared along ``shared_axes``.

    Slopes that differ along other axes than the last one need all values on one axis.
    """
    shape = call.shapes[0]
    alpha = call.weights.read(["alpha"])["alpha"]
    if len(alpha.shape) != len(shape) or any(
        n not in (1, m) for n, m in zip(alpha.shape, shape, strict=True)
    ):
        message = f"alpha has shape {alpha.shape}, which does not fit values of shape {shape}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    if alpha.size == alpha.shape[-1]:
        return [Step("activation", {"function": "prelu"}, {"alpha": alpha.reshape(-1)})]
    values = np.broadcast_to(alpha, shape).reshape(-1)
    return [
        Step("reshape", {"shape": [math.prod(shape)]}),
        Step("activation", {"function": "prelu"}, {"alpha": values}),
        Step("reshape", {"shape": list(shape)}),
    ]
