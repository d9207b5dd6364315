"""Convolutions and their transposes in one to three dimensions."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.converters.keras_layers.rearranging import in_channels_last
from caloexport.converters.keras_layers.windows import numbers, require_rank, zeros_around
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError


@handles("Conv1D", "Conv2D", "Conv3D")
@in_channels_last
def conv(call: LayerCall) -> list[Step]:
    """Return the convolution with its zeros counted out, then the activation."""
    count = _dimensions(call)
    sizes, filters = numbers(call, "kernel_size", count), int(call.config["filters"])
    groups = numbers(call, "groups", 1)[0]
    if call.units % groups:
        message = f"its {call.units} channels do not make {groups} groups"
        raise InputFileError(message, where=call.place)
    weights = read_kernel(call, [*sizes, call.units // groups, filters])
    window = window_attributes(call, sizes)
    step = Step("conv", {**window, "groups": groups}, weights)
    return [step, *activation_steps(call.config.get("activation"), call)]


@handles("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
@in_channels_last
def conv_transpose(call: LayerCall) -> list[Step]:
    """Return the full transposed convolution with what Keras cuts off, then the activation.

    Keras 2 and 3 give (n - 1)·stride + max(size, stride) cells for ``valid`` and n·stride for
    ``same``; ``output_padding`` says it in another way. What is too much is cut off evenly for
    ``same``, an odd cell at the end (source: keras/src/backend/common/backend_utils.py).
    """
    count = _dimensions(call)
    sizes, filters = numbers(call, "kernel_size", count), int(call.config["filters"])
    strides, dilation = (numbers(call, name, count) for name in ("strides", "dilation_rate"))
    weights = read_kernel(call, [*sizes, filters, call.units])
    added = call.config.get("output_padding")
    added = [None] * count if added is None else _whole(added, count, call)
    same = call.config.get("padding") == "same"
    crop = []
    for n, size, stride, rate, more in zip(
        call.shapes[0], sizes, strides, dilation, added, strict=False
    ):
        extent = (size - 1) * rate + 1
        full = (n - 1) * stride + extent
        if more is None:
            length = n * stride if same else full + max(stride - extent, 0)
        else:
            length = (n - 1) * stride + (extent % 2 if same else extent) + more
        before = max(full - length, 0) // 2 if same else 0
        crop.append([before, full - length - before])
    attributes = {"strides": strides, "dilation": dilation, "crop": crop}
    step = Step("conv_transpose", attributes, weights)
    return [step, *activation_steps(call.config.get("activation"), call)]


def window_attributes(call: LayerCall, sizes: list[int]) -> dict[str, list[int] | list[list[int]]]:
    """Return strides, dilation and zeros of a convolution."""
    strides = numbers(call, "strides", len(sizes))
    dilation = numbers(call, "dilation_rate", len(sizes))
    extents = [(size - 1) * rate + 1 for size, rate in zip(sizes, dilation, strict=True)]
    padding = zeros_around(call, extents, strides)
    return {"strides": strides, "dilation": dilation, "padding": padding}


def read_kernel(call: LayerCall, shape: list[int], name: str = "kernel") -> dict[str, Array]:
    """Return kernel and bias (zeros where there is none).

    Raises:
        InputFileError: of another shape than the configuration says.
    """
    names = [name, "bias"] if call.config.get("use_bias", True) else [name]
    weights = call.weights.read(names)
    if weights[name].shape != tuple(shape):
        message = f"{name} has shape {weights[name].shape}, the configuration says {tuple(shape)}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    outputs = shape[-2] if "Transpose" in call.class_name else shape[-1]
    if call.class_name.startswith("Depthwise"):
        outputs = shape[-1] * shape[-2]
    return {
        "kernel": weights[name],
        "bias": weights.get("bias", np.zeros(outputs, dtype=np.float32)),
    }


def _dimensions(call: LayerCall) -> int:
    count = int(call.class_name.partition("D")[0][-1])
    require_rank(call, count + 1)
    return count


def _whole(value: int | list[int], count: int, call: LayerCall) -> list[int]:
    found = [value] * count if isinstance(value, int) else list(value)
    if len(found) != count or not all(type(n) is int and 0 <= n < 2**20 for n in found):
        message = f"its output_padding is {value!r:.60}, expected {count} whole numbers"
        raise InputFileError(message, where=call.place)
    return found
