"""BatchNormalization at inference: one scale and one offset per unit."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.rearranging import on_last_axis
from caloexport.runtime.errors import InputFileError


@handles("BatchNormalization")
def batch_normalization(call: LayerCall) -> list[Step]:
    """Return scale = γ/√(σ²+ε) and offset = β - μ·scale, computed in float64."""
    axes = call.axes(call.config.get("axis", -1))
    if len(axes) > 1:
        message = f"it normalises the axes {call.config['axis']} at once"
        raise call.unsupported(message, "supported: one axis")
    units = call.shapes[0][axes[0]]
    has_gamma, has_beta = call.config.get("scale", True), call.config.get("center", True)
    names = ["gamma"] * bool(has_gamma) + ["beta"] * bool(has_beta)
    stored = call.weights.read([*names, "moving_mean", "moving_variance"])
    for name, weight in stored.items():
        if weight.shape != (units,):
            message = f"{name} has shape {weight.shape}, expected ({units},)"
            raise InputFileError(message, where=call.place, hint="the file is damaged")
    weights = {name: weight.astype(np.float64) for name, weight in stored.items()}
    variance = weights["moving_variance"] + float(call.config.get("epsilon", 1e-3))
    if (variance <= 0).any():
        message = f"unit {int(variance.argmin())} has the variance {variance.min():g}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    scale = weights.get("gamma", 1.0) / np.sqrt(variance)
    offset = weights.get("beta", 0.0) - weights["moving_mean"] * scale
    rounded = {"scale": scale.astype(np.float32), "offset": offset.astype(np.float32)}
    return on_last_axis([Step("normalization", {}, rounded)], call.shapes[0], axes)
