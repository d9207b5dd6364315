"""Conv and ConvTranspose with constant kernels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import BATCH, Operand, Value
from caloexport.runtime.arrays import Array


@operator("Conv")
def conv(call: Call) -> list[Operand]:
    """A convolution, channels last."""
    kernel = call.weights(1)  # (out, in/groups, *sizes)
    value, axes = _channels_last(call, kernel.ndim)
    strides, dilation = _per_axis(call, "strides", axes), _per_axis(call, "dilations", axes)
    extents = [(n - 1) * d + 1 for n, d in zip(kernel.shape[2:], dilation, strict=True)]
    sizes = value.shape[:-1]
    padding = _padding(call, list(sizes), strides, extents)
    weights = {
        "kernel": np.ascontiguousarray(np.moveaxis(kernel, (0, 1), (-1, -2))),
        "bias": _bias(call, kernel.shape[0]),
    }
    made = call.add(
        "conv", [value], "", weights, strides=strides, dilation=dilation, padding=padding,
        groups=call.integer("group", 1),
    )  # fmt: skip
    return [made]


@operator("ConvTranspose")
def conv_transpose(call: Call) -> list[Operand]:
    """A transposed convolution, channels last; groups become zeros of one kernel."""
    kernel = _ungrouped(call, call.weights(1))  # (in, out, *sizes)
    value, axes = _channels_last(call, kernel.ndim)
    strides, dilation = _per_axis(call, "strides", axes), _per_axis(call, "dilations", axes)
    extra = call.integers("output_padding", [0] * axes) or [0] * axes
    full = [
        (n - 1) * stride + (k - 1) * d + 1
        for n, stride, k, d in zip(value.shape, strides, kernel.shape[2:], dilation, strict=False)
    ]
    weights = {
        "kernel": np.ascontiguousarray(np.moveaxis(kernel, (0, 1), (-1, -2))),
        "bias": _bias(call, kernel.shape[1]),
    }
    crop = _crop(call, list(value.shape[:-1]), strides, full, extra)
    made = call.add(
        "conv_transpose", [value], "", weights, strides=strides, dilation=dilation, crop=crop
    )
    return [made]


def _channels_last(call: Call, rank: int) -> tuple[Value, int]:
    """Return the tensor with its channels as the last axis of the layer, and its spatial axes."""
    value = call.value()
    if value.rank != rank or rank < 3 or value.axes[0] != BATCH or value.merged:
        raise call.unsupported(f"a kernel of {rank} axes, for a tensor of {value.rank}")
    wanted = (BATCH, rank - 2, *range(rank - 2))
    if value.axes != wanted or len(value.shape) != rank - 1:
        value = call.layout.canonical(value)
        value = call.layout.permuted(value, [*range(1, rank - 1), 0])
    return replace(value, axes=wanted), rank - 2


def _per_axis(call: Call, name: str, axes: int) -> list[int]:
    found = call.integers(name, [1] * axes) or [1] * axes
    if len(found) != axes:
        raise call.damaged(f"'{name}' is {found} for {axes} axes")
    return found


def _bias(call: Call, units: int) -> Array:
    return np.zeros(units) if call.constant(2) is None else np.array(call.weights(2))


def _margins(call: Call, axes: int) -> list[list[int]]:
    pads = call.integers("pads", [0] * (2 * axes)) or [0] * (2 * axes)
    if len(pads) != 2 * axes:
        raise call.damaged(f"'pads' is {pads} for {axes} axes")
    return [[pads[k], pads[k + axes]] for k in range(axes)]


def _shared(call: Call, total: int) -> list[int]:
    """Return a margin before and after; an odd one is longer at the end, unless SAME_LOWER."""
    short, long = total // 2, total - total // 2
    return [long, short] if call.text("auto_pad", "NOTSET") == "SAME_LOWER" else [short, long]


def _padding(
    call: Call, sizes: list[int], strides: list[int], extents: list[int]
) -> list[list[int]]:
    automatic = call.text("auto_pad", "NOTSET")
    if automatic == "NOTSET":
        return _margins(call, len(sizes))
    if automatic == "VALID":
        return [[0, 0] for _ in sizes]
    if min(strides) < 1:
        raise call.damaged(f"'strides' is {strides}")
    totals = [
        max((-(-n // stride) - 1) * stride + extent - n, 0)
        for n, stride, extent in zip(sizes, strides, extents, strict=True)
    ]
    return [_shared(call, total) for total in totals]


def _crop(
    call: Call, sizes: list[int], strides: list[int], full: list[int], extra: list[int]
) -> list[list[int]]:
    shape = call.integers("output_shape")
    automatic = call.text("auto_pad", "NOTSET")
    if shape is not None:
        wanted = shape[-len(sizes) :]
    elif automatic in ("SAME_UPPER", "SAME_LOWER"):
        wanted = [n * stride for n, stride in zip(sizes, strides, strict=True)]
    else:
        margins = _margins(call, len(sizes)) if automatic == "NOTSET" else [[0, 0] for _ in sizes]
        return [[a, b - more] for (a, b), more in zip(margins, extra, strict=True)]
    if len(wanted) != len(sizes):
        raise call.damaged(f"'output_shape' is {shape} for {len(sizes)} axes")
    # what the standard pads, of the full length and output_padding, with its odd half
    totals = [n + more - w for n, more, w in zip(full, extra, wanted, strict=True)]
    pairs = [_transposed_share(call, max(total, 0)) for total in totals]
    return [[a, n - w - a] for (a, _), n, w in zip(pairs, full, wanted, strict=True)]


def _transposed_share(call: Call, total: int) -> list[int]:
    """Return the crop of a transposed convolution: the standard's formula for output_shape."""
    half = total // 2
    upper = call.text("auto_pad", "NOTSET") == "SAME_UPPER"
    return [half, total - half] if upper else [total - half, half]


def _ungrouped(call: Call, kernel: Array) -> Array:
    groups = call.integer("group", 1)
    if groups == 1:
        return kernel
    n_in, n_out = kernel.shape[:2]
    if groups < 1 or n_in % groups or n_in * n_out * groups > 2**22:
        raise call.unsupported(f"a transposed convolution in {groups} groups")
    whole = np.zeros((n_in, n_out * groups, *kernel.shape[2:]), kernel.dtype)
    size = n_in // groups
    for g in range(groups):
        rows = slice(g * size, (g + 1) * size)
        whole[rows, g * n_out : (g + 1) * n_out] = kernel[rows]
    return whole
