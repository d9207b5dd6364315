"""The same values in another shape or order of axes."""

from __future__ import annotations

import math
from typing import Any

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.rearranging import permuted
from caloexport.converters.keras_layers.reshape import resolved
from caloexport.converters.keras_operations.indexing import to_rank
from caloexport.runtime.errors import InputFileError


@handles("ops.Reshape")
def reshape(call: LayerCall) -> list[Step]:
    """Return the new shape, whose first axis is that of the batch."""
    target: Any = call.option("newshape", "shape")
    if not isinstance(target, (list, tuple)) or not target or target[0] not in (-1, None):
        message = f"it reshapes to {target!r:.60}, which does not keep the batch axis"
        raise call.unsupported(message, "let the new shape begin with -1")
    rest = [-1 if n is None else n for n in target[1:]]
    if target[0] == -1 and math.prod(rest) != math.prod(call.shapes[0]) and -1 not in rest:
        message = f"it reshapes {call.shapes[0]} to {tuple(rest)}, which mixes showers"
        raise call.unsupported(message)
    if not rest:
        return to_rank(call.shapes[0] or (1,), [])
    return [Step("reshape", {"shape": resolved(call, rest)}, scalar=False)]


@handles("ops.Transpose")
def transpose(call: LayerCall) -> list[Step]:
    """Return the axes in another order."""
    axes: Any = call.option("axes")
    return _ordered(call, list(axes) if axes is not None else None)


@handles("ops.Swapaxes")
def swap_axes(call: LayerCall) -> list[Step]:
    """Return two axes exchanged."""
    first, second = (call.axis(call.option(name)) for name in ("axis1", "axis2"))
    order = list(range(len(call.shapes[0])))
    order[first], order[second] = second, first
    return permuted(order)


@handles("ops.Moveaxis")
def move_axis(call: LayerCall) -> list[Step]:
    """Return axes moved to other places, the others in their order."""
    source, target = (_list(call.option(name)) for name in ("source", "destination"))
    if len(source) != len(target):
        message = f"it moves {len(source)} axes to {len(target)} places"
        raise InputFileError(message, where=call.place)
    moves = dict(zip(map(call.axis, target), map(call.axis, source), strict=True))
    rest = iter(k for k in range(len(call.shapes[0])) if k not in moves.values())
    return permuted([moves[k] if k in moves else next(rest) for k in range(len(call.shapes[0]))])


@handles("ops.ExpandDims")
def expand_dims(call: LayerCall) -> list[Step]:
    """Return a new axis of size 1, or several."""
    axes = _list(call.option("axis"))
    rank = len(call.shapes[0]) + len(axes)
    new = {call.axis(axis, rank) for axis in axes}
    sizes = iter(call.shapes[0])
    shape = [1 if k in new else next(sizes, 1) for k in range(rank)]
    return [Step("reshape", {"shape": shape}, scalar=False)]


@handles("ops.Squeeze")
def squeeze(call: LayerCall) -> list[Step]:
    """Return axes of size 1 taken away."""
    shape, given = call.shapes[0], call.option("axis")
    axes = (
        call.axes(given) if given not in (None, []) else [k for k, n in enumerate(shape) if n == 1]
    )
    if any(shape[axis] != 1 for axis in axes):
        message = f"it squeezes the axes {given} of {shape}, which are larger than 1"
        raise InputFileError(message, where=call.place)
    return to_rank(shape, [n for k, n in enumerate(shape) if k not in axes])


@handles("ops.Cast", "ops.StopGradient", "ops.Identity")
def pass_on(call: LayerCall) -> list[Step]:
    """Return nothing: floating-point numbers stay what they are."""
    dtype = call.option("dtype", default="float32")
    if dtype not in (None, "float32", "float64"):
        message = f"it turns numbers into {dtype!r:.20}, which rounds them"
        raise call.unsupported(message, "compute in float32")
    return []


def _ordered(call: LayerCall, axes: list[Any] | None) -> list[Step]:
    rank = len(call.shapes[0]) + 1
    if (
        axes is None
        or any(type(axis) is not int for axis in axes)
        or axes[:1] not in ([0], [-rank])
    ):
        message = f"it orders the axes as {axes}, which moves the batch axis"
        raise call.unsupported(message, "let the order begin with 0")
    order = [call.axis(axis) for axis in axes[1:]]
    if sorted(order) != list(range(rank - 1)):
        message = f"{axes} is no order of {rank} axes"
        raise InputFileError(message, where=call.place)
    return permuted(order)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
