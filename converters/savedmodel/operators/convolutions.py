"""Convolutions with constant kernels, and repeating cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Spread, Tensor, Value
from caloexport.runtime.arrays import Array

LAYOUTS = ("NHWC", "NDHWC")


def _spatial(call: Call, name: str, axes: int) -> list[int]:
    """Return an attribute of one number per axis, for the spatial axes alone."""
    numbers = call.node.wholes(name) or (1,) * (axes + 2)
    if len(numbers) != axes + 2 or numbers[0] != 1 or numbers[-1] != 1 or min(numbers) < 1:
        raise call.unsupported(f"has the {name} {list(numbers)}")
    return list(numbers[1:-1])


def _image(call: Call, number: int, axes: int) -> Tensor:
    x = call.tensor(number)
    if call.node.text("data_format", LAYOUTS[axes - 2]) not in LAYOUTS:
        raise call.unsupported("has its channels first", "save the model with channels last")
    if x.batch or x.merged or len(x.shape) != axes + 1:
        raise call.unsupported(f"reads a tensor of the shape {x.sizes}")
    return x


def _same(size: int, extent: int, stride: int) -> list[int]:
    """Return the zeros before and after that make ceil(size / stride) windows."""
    total = max((math.ceil(size / stride) - 1) * stride + extent - size, 0)
    return [total // 2, total - total // 2]


def _padding(call: Call, sizes: Sequence[int], extents: list[int], strides: list[int]) -> Array:
    """Return zeros [before, after] along each spatial axis."""
    kind = call.node.text("padding")
    if kind == "SAME":
        return np.array([_same(*axis) for axis in zip(sizes, extents, strides, strict=True)])
    if kind == "EXPLICIT":
        given = np.array(call.node.wholes("explicit_paddings")).reshape(-1, 2)
        if len(given) == len(extents) + 2 and not given[[0, -1]].any():
            return given[1:-1]
    if kind != "VALID":
        raise call.unsupported(f"has the padding '{kind}'")
    return np.zeros((len(extents), 2), dtype=int)


def _extents(kernel: Array, dilation: list[int]) -> list[int]:
    return [(size - 1) * d + 1 for size, d in zip(kernel.shape, dilation, strict=False)]


@operators.register("Conv2D")
@operators.register("Conv3D")
@operators.register("DepthwiseConv2dNative")
def convolution(call: Call) -> Value:
    """Return the correlation with a kernel, its bias still zero."""
    kernel = call.array(1)
    axes = kernel.ndim - 2
    spread = call.inputs[0]
    if isinstance(spread, Spread):
        # every so many-th cell in a shower of its own: a dilated convolution
        if len(spread.block) > axes or call.node.text("padding") != "VALID":
            raise call.unsupported("reads cells that were spread over showers")
        block = (*(1,) * (axes - len(spread.block)), *spread.block)
        dilated = replace(call, inputs=[spread.x, *call.inputs[1:]])
        return Spread(_convolved(dilated, kernel, list(block)), spread.block)
    return _convolved(call, kernel, _spatial(call, "dilations", axes))


def _convolved(call: Call, kernel: Array, dilation: list[int]) -> Tensor:
    axes = kernel.ndim - 2
    x, strides = _image(call, 0, axes), _spatial(call, "strides", axes)
    groups = x.shape[-1] // kernel.shape[-2]
    if call.node.operator == "DepthwiseConv2dNative":
        groups = kernel.shape[-2]
        kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
    padding = _padding(call, x.shape[:-1], _extents(kernel, dilation), strides)
    attributes = {
        "strides": strides, "dilation": dilation, "padding": padding.tolist(), "groups": groups,
    }  # fmt: skip
    weights = {"kernel": kernel, "bias": np.zeros(kernel.shape[-1], kernel.dtype)}
    return _with_fewer_axes(call, x, "conv", attributes, weights)


@operators.register("SpaceToBatchND")
def spread(call: Call) -> Value:
    """Return a padded tensor with every so many-th cell in a shower of its own."""
    x, block = call.tensor(0), tuple(call.wholes(1))
    margins = np.array(call.wholes(2)).reshape(-1, 2).tolist()
    if x.batch or x.merged or len(margins) != len(block) or len(block) >= len(x.shape):
        raise call.unsupported(f"spreads a tensor of the shape {x.sizes} by {block}")
    padding = margins + [[0, 0]] * (len(x.shape) - len(margins))
    if any(map(any, padding)):
        x = call.draft.add(call.name, "pad", [x], {"padding": padding})
    if any(n % b for n, b in zip(x.shape, block, strict=False)):
        raise call.unsupported(f"spreads {x.shape} by {block}")
    return Spread(x, block)


@operators.register("BatchToSpaceND")
def joined(call: Call) -> Value:
    """Return the tensor whose cells were spread over showers, without its margins."""
    value, block = call.inputs[0], tuple(call.wholes(1))
    margins = np.array(call.wholes(2)).reshape(-1, 2).tolist()
    if not isinstance(value, Spread) or value.block != block:
        raise call.unsupported("joins what was not spread before")
    x = value.x
    for axis, (before, after) in enumerate(margins):
        if before or after:
            length = x.shape[axis] - before - after
            attributes = {"axis": axis, "start": before, "step": 1, "length": length}
            x = call.draft.add(call.name, "slice", [x], attributes)
    return x


@operators.register("Conv2DBackpropInput")
@operators.register("Conv3DBackpropInputV2")
def transposed_convolution(call: Call) -> Value:
    """Return what a convolution would hand back to its input: a transposed one."""
    kernel = call.array(1)
    axes = kernel.ndim - 2
    x = _image(call, 2, axes)
    sizes = [int(n) for n in call.array(0)[1:-1]]
    strides, dilation = _spatial(call, "strides", axes), _spatial(call, "dilations", axes)
    extents = _extents(kernel, dilation)
    padding = _padding(call, sizes, extents, strides)
    crop = []
    for n, size, extent, stride, (before, _) in zip(
        x.shape, sizes, extents, strides, padding.tolist(), strict=False
    ):
        full = (n - 1) * stride + extent
        crop.append([before, full - before - size])
    attributes = {"strides": strides, "dilation": dilation, "crop": crop}
    weights = {"kernel": kernel, "bias": np.zeros(kernel.shape[-2], kernel.dtype)}
    return _with_fewer_axes(call, x, "conv_transpose", attributes, weights)


def _with_fewer_axes(
    call: Call, x: Tensor, kind: str, attributes: dict[str, object], weights: dict[str, Array]
) -> Tensor:
    """Add a convolution without the axes of size 1 that TensorFlow adds to those of one axis."""
    kernel = weights["kernel"]
    lists = {key: value for key, value in attributes.items() if isinstance(value, list)}
    idle = [
        k
        for k in range(kernel.ndim - 2)
        if x.shape[k] == kernel.shape[k] == 1
        and lists["strides"][k] == 1
        and lists["padding" if kind == "conv" else "crop"][k] == [0, 0]
    ]
    if not idle or len(idle) == kernel.ndim - 2:
        return call.draft.add(call.name, kind, [x], attributes, weights)
    kept = [k for k in range(kernel.ndim - 2) if k not in idle]
    fewer = {key: [value[k] for k in kept] for key, value in lists.items()}
    weights = {**weights, "kernel": kernel.squeeze(tuple(idle))}
    flat = call.draft.reshape(call.name, x, [x.sizes[0], *(x.shape[k] for k in kept), x.shape[-1]])
    made = call.draft.add(call.name, kind, [flat], {**attributes, **fewer}, weights)
    sizes = [*made.shape]
    for k in idle:
        sizes.insert(k, 1)
    return call.draft.reshape(call.name, made, [made.sizes[0], *sizes])


@operators.register("ResizeNearestNeighbor")
def resize(call: Call) -> Value:
    """Return an image in which each cell stands a whole number of times along each axis."""
    x = _image(call, 0, 2)
    sizes = call.wholes(1)
    factors = [new // old for new, old in zip(sizes, x.shape, strict=False)]
    whole = all(f * old == new for f, old, new in zip(factors, x.shape, sizes, strict=False))
    if not whole or call.node.whole("align_corners"):
        raise call.unsupported(f"makes {sizes} of {list(x.shape[:-1])}, expected whole factors")
    return call.draft.add(call.name, "upsample", [x], {"factors": [*factors, 1]})
