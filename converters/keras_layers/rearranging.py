"""Axes brought to where a layer kind works, and back."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from caloexport.converters.keras_layers import LayerCall, Step
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.runtime.network import Shape

Chain = Callable[[LayerCall], list[Step]]


def permuted(order: Sequence[int]) -> list[Step]:
    """Return the step that orders axes, none where they are in order already.

    >>> permuted([0, 1]), [step.kind for step in permuted([1, 0])]
    ([], ['permute'])
    """
    order = [int(axis) for axis in order]
    return [] if order == sorted(order) else [Step("permute", {"order": order})]


def reshaped(shape: Shape, target: Sequence[int]) -> list[Step]:
    """Return the step from one shape to another, none where they are the same."""
    target = [int(n) for n in target]
    return [] if list(shape) == target else [Step("reshape", {"shape": target})]


def on_last_axis(steps: Sequence[Step], shape: Shape, axes: Sequence[int]) -> list[Step]:
    """Let steps that keep the shape work on ``axes``, brought together as the last axis.

    Args:
        steps: what works on the last axis.
        shape: of the input.
        axes: counted from 0 without the batch axis.
    """
    rest = [axis for axis in range(len(shape)) if axis not in axes]
    order = [*rest, *axes]
    ordered = tuple(shape[axis] for axis in order)
    together = (*ordered[: len(rest)], math.prod(ordered[len(rest) :]))
    return [
        *permuted(order),
        *reshaped(ordered, together),
        *steps,
        *reshaped(together, ordered),
        *permuted([order.index(axis) for axis in range(len(shape))]),
    ]


def along_axis(steps: Sequence[Step], rank: int, axis: int) -> list[Step]:
    """Let steps that may change the size of the last axis work along another one."""
    order = [*(k for k in range(rank) if k != axis), axis]
    back = [order.index(k) for k in range(rank)]
    return [*permuted(order), *steps, *permuted(back)]


def in_channels_last(handler: Chain) -> Chain:
    """Let a handler that expects channels last serve ``data_format`` 'channels_first', too."""

    @functools.wraps(handler)
    def reordered(call: LayerCall) -> list[Step]:
        if call.config.get("data_format") != "channels_first":
            return handler(call)
        rank = len(call.shapes[0])
        there, back = [*range(1, rank), 0], [rank - 1, *range(rank - 1)]
        config = {**call.config, "data_format": "channels_last", "activation": None}
        shape = tuple(call.shapes[0][axis] for axis in there)
        steps = handler(replace(call, config=config, shapes=(shape,)))
        # the activation may be one of the last axis, so it stands after the way back
        function = activation_steps(call.config.get("activation"), call)
        return [*permuted(there), *steps, *permuted(back), *function]

    return reordered
