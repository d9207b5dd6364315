"""Reshape, Flatten, Permute and RepeatVector: the same values in another shape or order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.rearranging import permuted
from caloexport.converters.keras_layers.windows import numbers, require_rank
from caloexport.runtime.errors import InputFileError


@handles("Reshape")
def reshape(call: LayerCall) -> list[Step]:
    """Return the target shape with its -1 replaced."""
    return [Step("reshape", {"shape": resolved(call, call.config["target_shape"])})]


@handles("Flatten")
def flatten(call: LayerCall) -> list[Step]:
    """Return all values along one axis; 'channels_first' moves the channels to the end before."""
    rank, steps = len(call.shapes[0]), list[Step]()
    if call.config.get("data_format") == "channels_first" and rank > 1:
        steps = permuted([*range(1, rank), 0])
    return [*steps, Step("reshape", {"shape": [math.prod(call.shapes[0])]})]


@handles("Permute")
def permute(call: LayerCall) -> list[Step]:
    """Return the axes in their new order, which Keras counts from 1."""
    dims: Any = call.config["dims"]
    if sorted(dims) != list(range(1, len(call.shapes[0]) + 1)):
        message = f"{dims} is no order of the {len(call.shapes[0])} axes"
        raise InputFileError(message, where=call.place)
    return permuted([axis - 1 for axis in dims])


@handles("RepeatVector")
def repeat_vector(call: LayerCall) -> list[Step]:
    """Return the vector as every step of a sequence."""
    require_rank(call, 1)
    steps = numbers(call, "n", 1)[0]
    return [
        Step("reshape", {"shape": [1, call.units]}),
        Step("upsample", {"factors": [steps, 1]}),
    ]


def resolved(call: LayerCall, target: Sequence[Any]) -> list[int]:
    """Return a shape with its -1 replaced.

    Raises:
        InputFileError: it does not hold as many values as the input.
    """
    shape, size = [int(n) for n in target], math.prod(call.shapes[0])
    if shape.count(-1) == 1:
        rest = -math.prod(shape)
        if rest > 0 and size % rest == 0:
            shape[shape.index(-1)] = size // rest
    if math.prod(shape) != size or min(shape, default=1) < 0:
        message = f"cannot reshape {call.shapes[0]} to {tuple(target)}"
        raise InputFileError(message, where=call.place)
    return shape
