"""Normalization and Rescaling: preprocessing layers with constant scale and offset."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.converters.keras_layers import LayerCall, Step, handles, is_last_axis

#: standard deviations below are replaced by it; source: keras/layers/preprocessing/normalization
EPSILON = 1e-7


@handles("Normalization")
def normalization(call: LayerCall) -> list[Step]:
    """Return (x - mean)/σ, or x·σ + mean for ``invert``."""
    axis = call.config.get("axis", -1)
    if axis not in (None, []) and not is_last_axis(axis, call.shapes[0]):
        message = f"it normalises axis {axis}, only the last axis is supported"
        raise call.unsupported(message)
    if call.config.get("mean") is not None:
        mean, variance = call.config["mean"], call.config["variance"]
    else:
        adapted = call.weights.read(["mean", "variance", "count"])
        mean, variance = adapted["mean"], adapted["variance"]
    means = np.asarray(mean, dtype=np.float64).ravel()
    sigma = np.maximum(np.sqrt(np.asarray(variance, dtype=np.float64).ravel()), EPSILON)
    if call.config.get("invert", False):
        return [_affine(call, sigma, means)]
    return [_affine(call, 1 / sigma, -means / sigma)]


@handles("Rescaling")
def rescaling(call: LayerCall) -> list[Step]:
    """Return scale·x + offset."""
    scale, offset = (
        np.asarray(call.config[name], dtype=np.float64) for name in ("scale", "offset")
    )
    return [_affine(call, scale, offset)]


def _affine(call: LayerCall, scale: npt.ArrayLike, offset: npt.ArrayLike) -> Step:
    weights = {"scale": np.asarray(scale), "offset": np.asarray(offset)}
    return Step(
        "normalization",
        {},
        {
            name: np.array(np.broadcast_to(value, (call.units,)), dtype=np.float32)
            for name, value in weights.items()
        },
    )
