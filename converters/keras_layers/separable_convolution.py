"""DepthwiseConv and SeparableConv: one kernel per channel, then a mixing of channels."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.converters.keras_layers.convolution import read_kernel, window_attributes
from caloexport.converters.keras_layers.rearranging import in_channels_last
from caloexport.converters.keras_layers.windows import numbers, require_rank
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError


@handles("DepthwiseConv1D", "DepthwiseConv2D")
@in_channels_last
def depthwise(call: LayerCall) -> list[Step]:
    """Return a convolution with as many groups as channels, then the activation."""
    sizes, shape = _shape(call)
    name = "depthwise_kernel" if call.keras_major == 2 else "kernel"
    weights = read_kernel(call, shape, name)
    step = _grouped(call, sizes, weights["kernel"], weights["bias"])
    return [step, *activation_steps(call.config.get("activation"), call)]


@handles("SeparableConv1D", "SeparableConv2D")
@in_channels_last
def separable(call: LayerCall) -> list[Step]:
    """Return a convolution per channel and a dense layer over the channels."""
    sizes, shape = _shape(call)
    names = ["depthwise_kernel", "pointwise_kernel"]
    weights = call.weights.read([*names, "bias"] if call.config.get("use_bias", True) else names)
    channels, filters = shape[-1] * shape[-2], int(call.config["filters"])
    expected = [tuple(shape), (*(1 for _ in sizes), channels, filters)]
    if [weights[name].shape for name in names] != expected:
        message = f"its kernels do not have the shapes {expected[0]} and {expected[1]}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    mixing = {
        "kernel": weights["pointwise_kernel"].reshape(channels, filters),
        "bias": weights.get("bias", np.zeros(filters, dtype=np.float32)),
    }
    first = _grouped(call, sizes, weights[names[0]], np.zeros(channels, dtype=np.float32))
    function = activation_steps(call.config.get("activation"), call)
    return [first, Step("dense", {}, mixing), *function]


def _shape(call: LayerCall) -> tuple[list[int], list[int]]:
    """Return the window and the shape of the depthwise kernel."""
    count = int(call.class_name[-2])
    require_rank(call, count + 1)
    sizes = numbers(call, "kernel_size", count)
    return sizes, [*sizes, call.units, numbers(call, "depth_multiplier", 1)[0]]


def _grouped(call: LayerCall, sizes: list[int], kernel: Array, bias: Array) -> Step:
    # (*sizes, channels, multiplier) -> (*sizes, 1, channels·multiplier), in the same order
    joined = kernel.reshape(*sizes, 1, -1)
    attributes = {**window_attributes(call, sizes), "groups": call.units}
    return Step("conv", attributes, {"kernel": joined, "bias": bias})
