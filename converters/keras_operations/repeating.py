"""Values repeated, and margins."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.affine import broadcast_shape, expanded
from caloexport.runtime.errors import InputFileError


@handles("ops.Repeat")
def repeat(call: LayerCall) -> list[Step]:
    """Return each value of an axis several times in a row."""
    axis, repeats = call.axis(call.option("axis")), call.option("repeats")
    repeats = repeats[0] if isinstance(repeats, (list, tuple)) and len(repeats) == 1 else repeats
    if type(repeats) is not int or repeats < 1:
        message = f"it repeats values {repeats!r:.40} times, expected one whole number"
        raise call.unsupported(message)
    factors = [repeats if k == axis else 1 for k in range(len(call.shapes[0]))]
    return [Step("upsample", {"factors": factors})]


@handles("ops.Tile")
def tile(call: LayerCall) -> list[Step]:
    """Return whole axes several times in a row, by way of an axis in front of each."""
    repeats: Any = call.option("repeats")
    repeats = [repeats] if type(repeats) is int else list(repeats)
    shape = call.shapes[0]
    repeats = [1] * (len(shape) + 1 - len(repeats)) + repeats
    if len(repeats) > len(shape) + 1 or repeats[0] != 1 or not all(map(_positive, repeats)):
        message = f"it tiles a tensor of {shape} by {repeats}, the batch axis first"
        raise call.unsupported(message, "supported: whole numbers, 1 for the batch axis")
    if set(repeats) == {1}:
        return []
    apart = [n for size in shape for n in (1, size)]
    factors = [n for times in repeats[1:] for n in (times, 1)]
    together = [size * times for size, times in zip(shape, repeats[1:], strict=True)]
    return [
        Step("reshape", {"shape": apart}),
        Step("upsample", {"factors": factors}),
        Step("reshape", {"shape": together}),
    ]


@handles("ops.BroadcastTo")
def broadcast_to(call: LayerCall) -> list[Step]:
    """Return axes of size 1 repeated."""
    target: Any = call.option("shape")
    shape = call.shapes[0]
    if len(target) != len(shape) + 1 or not all(map(_positive, target[1:])):
        message = f"it broadcasts a tensor of {shape} to {target!r:.40}, the batch axis first"
        raise call.unsupported(message, "supported: the same number of axes")
    if broadcast_shape(call, shape, tuple(target[1:])) != tuple(target[1:]):
        message = f"it cannot broadcast a tensor of {shape} to {tuple(target[1:])}"
        raise InputFileError(message, where=call.place)
    return expanded(shape, tuple(target[1:]))


@handles("ops.Pad", constants=True)
def pad(call: LayerCall) -> list[Step]:
    """Return a margin of a constant value."""
    value, mode = call.option("constant_values"), call.option("mode", default="constant")
    value = 0.0 if value is None else value
    if mode != "constant" or not isinstance(value, (int, float)):
        message = f"it pads by {mode!r:.20} with {value!r:.20}"
        raise call.unsupported(message, "supported: one constant value")
    rank = len(call.shapes[0]) + 1
    try:
        widths = np.broadcast_to(np.asarray(call.option("pad_width")), (rank, 2)).tolist()
    except ValueError:
        widths = []
    if (
        not widths
        or widths[0] != [0, 0]
        or not all(type(n) is int and n >= 0 for pair in widths for n in pair)
    ):
        message = f"it pads a tensor of {call.shapes[0]} by {call.option('pad_width')!r:.60}"
        raise call.unsupported(message, "supported: [before, after] per axis, none for the batch")
    return [Step("pad", {"padding": widths[1:], "value": float(value)})]


def _positive(number: Any) -> bool:
    return type(number) is int and number > 0
