"""BatchNormalization, LayerNormalization, RMSNormalization, InstanceNormalization, GroupNormalization."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.broadcasting import affine
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import BATCH, Operand, Value
from caloexport.runtime.arrays import Array


@operator("BatchNormalization")
def batch_normalization(call: Call) -> list[Operand]:
    """A normalization along the channels, axis 1."""
    value = call.value()
    if call.integer("training_mode", 0) or call.integer("spatial", 1) != 1:
        raise call.unsupported("it normalises by the showers that come together")
    scale, offset, mean, variance = (call.weights(k).astype(np.float64) for k in range(1, 5))
    spread = variance + call.real("epsilon", 1e-5)
    if (spread <= 0).any():
        raise call.damaged("a variance is not positive")
    scale = scale / np.sqrt(spread)
    return [along_channels(call, value, scale, offset - mean * scale)]


def along_channels(call: Call, value: Value, scale: Array, offset: Array) -> Value:
    """Return scale·value + offset, both (channels,), the channels being axis 1."""
    if value.rank < 2 or scale.shape != offset.shape or scale.shape != value.dims[1:2]:
        raise call.damaged(f"{scale.shape} channels do not fit a tensor of {value.rank} axes")
    sizes = (-1,) + (1,) * (value.rank - 2)
    return affine(call, value, scale.reshape(sizes), offset.reshape(sizes))


@operator("LayerNormalization")
def layer_normalization(call: Call) -> list[Operand]:
    """Layer normalization over an axis and all behind it."""
    return [_over_last(call, rms=False)]


@operator("RMSNormalization")
def rms_normalization(call: Call) -> list[Operand]:
    """The same without taking the mean away."""
    return [_over_last(call, rms=True)]


def _over_last(call: Call, *, rms: bool) -> Value:
    value = call.value()
    axis = call.inner_axis(call.integer("axis", -1), value)
    value = call.layout.canonical(value)
    if BATCH in value.axes[axis:]:
        raise call.unsupported("it works along the batch axis, so it mixes showers")
    kept = value.shape[: len(value.shape) - (value.rank - axis)]
    units = math.prod(value.shape[len(kept) :])
    joined = call.layout.reshaped(value, (*kept, units))
    gamma, beta = call.weights(1).ravel(), call.constant(2)
    offset = np.zeros(units) if beta is None else call.weights(2).ravel()
    if gamma.size not in (1, units) or offset.size not in (1, units):
        raise call.damaged(f"a scale of {gamma.size} does not fit {units} units")
    weights = {
        "gamma": np.broadcast_to(gamma, units).copy(),
        "beta": np.broadcast_to(offset, units).copy(),
    }
    epsilon = call.real("epsilon", 1e-5)
    made = call.add(
        "layer_normalization",
        [joined],
        "",
        weights,
        epsilon=epsilon,
        **({"rms": True} if rms else {}),
    )
    return replace(call.layout.reshaped(made, value.shape), axes=value.axes)


@operator("InstanceNormalization")
def instance_normalization(call: Call) -> list[Operand]:
    """Each channel by its own mean and variance, then a scale and an offset per channel."""
    value = call.value()
    return [_by_groups(call, value, int(_channels(call, value)))]


@operator("GroupNormalization")
def group_normalization(call: Call) -> list[Operand]:
    """Each group of channels by its own mean and variance."""
    if call.opset < 21:
        raise call.unsupported("before opset 21 its scale is per group")
    return [_by_groups(call, call.value(), call.integer("num_groups", 0))]


def _by_groups(call: Call, value: Value, groups: int) -> Value:
    value = call.layout.canonical(value)
    channels = _channels(call, value)
    if value.merged or groups < 1 or channels % groups:
        raise call.damaged(f"{channels} channels do not form {groups} groups")
    size = math.prod(value.shape) // groups
    grouped = call.layout.reshaped(value, (groups, size))
    weights = {"gamma": np.ones(size), "beta": np.zeros(size)}
    epsilon = call.real("epsilon", 1e-5)
    made = call.add("layer_normalization", [grouped], "scaled", weights, epsilon=epsilon)
    back = replace(call.layout.reshaped(made, value.shape), axes=value.axes)
    return along_channels(call, back, call.weights(1), call.weights(2))


def _channels(call: Call, value: Value) -> int:
    if value.rank < 3 or not isinstance(value.dims[1], int):
        raise call.damaged(f"it takes channels as axis 1, not {value.rank} axes")
    return value.dims[1]
