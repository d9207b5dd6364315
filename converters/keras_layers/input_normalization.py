"""Normalization and Rescaling: preprocessing layers with constant scale and offset."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.affine import affine
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

#: standard deviations below are replaced by it; source: keras/layers/preprocessing/normalization
EPSILON = 1e-7


@handles("Normalization")
def normalization(call: LayerCall) -> list[Step]:
    """Return (x - mean)/σ, or x·σ + mean for ``invert``."""
    axis = call.config.get("axis", -1)
    axes = call.axes(axis) if axis not in (None, [], ()) else []
    if call.config.get("mean") is not None:
        mean, variance = call.config["mean"], call.config["variance"]
    else:
        adapted = call.weights.read(["mean", "variance", "count"])
        mean, variance = adapted["mean"], adapted["variance"]
    means, variances = _per_axis(call, mean, axes), _per_axis(call, variance, axes)
    if not (variances >= 0).all():
        message = f"it holds the variance {variances.min():g}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    sigma = np.maximum(np.sqrt(variances), EPSILON)
    if call.config.get("invert", False):
        return affine(call, sigma, means)
    return affine(call, 1 / sigma, -means / sigma)


@handles("Rescaling")
def rescaling(call: LayerCall) -> list[Step]:
    """Return scale·x + offset."""
    scale, offset = (np.asarray(call.config[name], dtype=float) for name in ("scale", "offset"))
    return affine(call, scale, offset)


def _per_axis(call: LayerCall, given: object, axes: list[int]) -> Array:
    """Return a statistic in the shape that broadcasts with one shower."""
    values = np.asarray(given, dtype=np.float64)
    shape = [size if axis in axes else 1 for axis, size in enumerate(call.shapes[0])]
    if values.size == 1:
        return values.reshape([1] * len(shape))
    if values.size != math.prod(shape):
        message = f"it holds {values.size} means or variances, expected {math.prod(shape)}"
        raise InputFileError(message, where=call.place)
    return values.reshape(shape)
