"""Pooling: means and maxima of windows, or of all cells."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.linear_maps import along
from caloexport.converters.keras_layers.rearranging import in_channels_last, reshaped
from caloexport.converters.keras_layers.windows import numbers, require_rank, zeros_around
from caloexport.runtime.arrays import Array


@handles(
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D",
)  # fmt: skip
def global_pooling(call: LayerCall) -> list[Step]:
    """Return the mean or the maximum over all cells of each channel."""
    count = int(call.class_name[-2])
    require_rank(call, count + 1)
    first = 1 if call.config.get("data_format") == "channels_first" else 0
    function = "max" if "Max" in call.class_name else "mean"
    attributes = {
        "function": function,
        "axes": list(range(first, first + count)),
        "keep": bool(call.config.get("keepdims", False)),
    }
    return [Step("reduce", attributes)]


@handles("AveragePooling1D", "AveragePooling2D", "AveragePooling3D")
@in_channels_last
def average_pooling(call: LayerCall) -> list[Step]:
    """Return one linear map per axis; a mean near the border is over the cells that exist."""
    sizes, strides, padding = _windows(call)
    steps: list[Step] = []
    for axis, (size, stride, (before, after)) in enumerate(
        zip(sizes, strides, padding, strict=True)
    ):
        length = (call.shapes[0][axis] + before + after - size) // stride + 1

        def means(n: int, length: int, *, a: int = before, s: int = stride, k: int = size) -> Array:
            distance = np.arange(n)[:, None] + a - s * np.arange(length)
            inside = ((distance >= 0) & (distance < k)).astype(float)
            return inside / inside.sum(axis=0)

        steps += along(call, axis, length, means)
    return steps


@handles("MaxPooling1D", "MaxPooling2D", "MaxPooling3D")
@in_channels_last
def max_pooling(call: LayerCall) -> list[Step]:
    """Return the maximum over windows that do not overlap, as an axis of its own for each."""
    sizes, strides, padding = _windows(call)
    cells = call.shapes[0][:-1]
    if sizes != strides or any(after for pair in padding for after in pair):
        message = f"its windows of {sizes} overlap or leave gaps with strides {strides}"
        raise call.unsupported(message, "supported: strides equal to the pool size, all cells full")
    counts = [n // size for n, size in zip(cells, sizes, strict=True)]
    steps = [
        Step("slice", {"axis": axis, "start": 0, "step": 1, "length": count * size})
        for axis, (n, count, size) in enumerate(zip(cells, counts, sizes, strict=True))
        if count * size < n
    ]
    split = [part for pair in zip(counts, sizes, strict=True) for part in pair]
    axes = list(range(1, len(split), 2))
    reduced = Step("reduce", {"function": "max", "axes": axes, "keep": False})
    return [*steps, *reshaped((), [*split, call.units]), reduced]


def _windows(call: LayerCall) -> tuple[list[int], list[int], list[list[int]]]:
    count = int(call.class_name[-2])
    require_rank(call, count + 1)
    sizes = numbers(call, "pool_size", count, 2)
    given = call.config.get("strides")
    strides = sizes if given is None else numbers(call, "strides", count)
    padding = zeros_around(call, sizes, strides)
    if any(n < size for n, size in zip(call.shapes[0], sizes, strict=False)) and not any(
        map(any, padding)
    ):
        message = f"its window of {sizes} is larger than its input of {call.shapes[0]}"
        raise call.unsupported(message)
    return sizes, strides, padding
