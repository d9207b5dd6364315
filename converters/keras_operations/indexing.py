"""Parts of tensors: x[:, 2:5], take, flip, roll."""

from __future__ import annotations

from typing import Any

from caloexport.converters.keras_layers import Graph, Input, LayerCall, Step, Steps, handles
from caloexport.converters.keras_layers.rearranging import reshaped
from caloexport.converters.keras_layers.steps import after
from caloexport.runtime.errors import InputFileError

#: of one call, against damaged files
LARGEST_COUNT = 1000


@handles("ops.GetItem", constants=True)
def get_item(call: LayerCall) -> list[Step]:
    """Return one slice per axis; single indices drop their axis, None makes a new one."""
    key = call.operands[1] if len(call.operands) > 1 else call.option("key")
    return indexed(call, list(key) if isinstance(key, (list, tuple)) else [key])


@handles("ops.Slice", constants=True)
def slice_(call: LayerCall) -> list[Step]:
    """Return the part that begins at some indices and has some shape."""
    starts = call.operands[1] if len(call.operands) > 1 else call.option("start_indices")
    lengths, shape, steps = call.option("shape"), call.shapes[0], list[Step]()
    good = all(isinstance(value, (list, tuple)) for value in (starts, lengths))
    if not good or len(starts) != len(shape) + 1 or len(lengths) != len(starts) or starts[0]:
        message = f"it takes {lengths!r:.40} values from {starts!r:.40} of a tensor of {shape}"
        raise call.unsupported(message, "supported: constant positions, all showers of the batch")
    for axis, (start, length) in enumerate(zip(starts[1:], lengths[1:], strict=True)):
        count = shape[axis] - start if length == -1 else length
        steps += part(call, shape[axis], axis, slice(start, start + count))
    return steps


@handles("ops.Take", constants=True)
def take(call: LayerCall) -> Steps:
    """Return the values at an index, or at several side by side."""
    indices = call.operands[1] if len(call.operands) > 1 else call.option("indices")
    indices = indices.astype(int).tolist() if hasattr(indices, "astype") else indices
    axis = call.axis(call.option("axis"))
    size = call.shapes[0][axis]
    single = type(indices) is int
    wanted = [indices] if single else list(indices or [])
    good = all(type(index) is int and -size <= index < size for index in wanted)
    if not wanted or not good or len(wanted) > LARGEST_COUNT:
        message = f"it takes the indices {indices!r:.60} of {size}"
        raise call.unsupported(message, f"supported: up to {LARGEST_COUNT} constant indices")
    if single:
        key = [FULL] * (axis + 1) + [indices]
        return indexed(call, key)
    parts = [
        after(part(call, size, axis, slice(index % size, index % size + 1)), Input(0))
        for index in wanted
    ]
    return Graph((Step("concatenate", {"axis": axis}, reads=tuple(parts)),))


@handles("ops.Flip")
def flip(call: LayerCall) -> list[Step]:
    """Return axes from their end to their start."""
    steps = list[Step]()
    for axis in call.axes(call.option("axis")):
        steps += part(call, call.shapes[0][axis], axis, slice(None, None, -1))
    return steps


@handles("ops.Roll")
def roll(call: LayerCall) -> Steps:
    """Return the end of an axis in front of its start."""
    shift, axis = call.option("shift"), call.axis(call.option("axis"))
    if type(shift) is not int:
        message = f"it shifts by {shift!r:.40}, expected a whole number"
        raise call.unsupported(message)
    size = call.shapes[0][axis]
    first = -shift % size
    if not first:
        return []
    ends = (slice(first, None), slice(0, first))
    parts = tuple(after(part(call, size, axis, end), Input(0)) for end in ends)
    return Graph((Step("concatenate", {"axis": axis}, reads=parts),))


FULL = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}


def indexed(call: LayerCall, key: list[Any]) -> list[Step]:
    """Return x[key] with the key as Keras writes it, batch axis first."""
    shape, entries = call.shapes[0], _without_ellipsis(call, key)
    if entries[:1] == [None] or not entries or _slice(call, entries[0]) != slice(None):
        message = "it picks among the showers of a batch"
        raise call.unsupported(message, "start the index with ':'")
    steps, kept, axis = list[Step](), list[int](), 0
    sizes = list(shape)
    for entry in entries[1:]:
        if entry is None:
            kept.append(1)
            continue
        if axis >= len(shape):
            message = f"its index has more entries than a tensor of {shape} has axes"
            raise InputFileError(message, where=call.place)
        if type(entry) is int:
            if not -sizes[axis] <= entry < sizes[axis]:
                message = f"the index {entry} is outside of an axis of {sizes[axis]}"
                raise InputFileError(message, where=call.place)
            start = entry % sizes[axis]
            steps += part(call, sizes[axis], axis, slice(start, start + 1))
            sizes[axis] = 1
        else:
            piece = _slice(call, entry)
            steps += part(call, sizes[axis], axis, piece)
            sizes[axis] = len(range(*piece.indices(sizes[axis])))
            kept.append(sizes[axis])
        axis += 1
    kept += shape[axis:]
    return [*steps, *to_rank(tuple(sizes), kept)]


def to_rank(shape: tuple[int, ...], target: list[int]) -> list[Step]:
    """Return the reshape to a shape that may have no axis left: one value per shower."""
    if target:
        return reshaped(shape, target)
    return [Step("reshape", {"shape": [1]}, scalar=True)]


def part(call: LayerCall, size: int, axis: int, piece: slice) -> list[Step]:
    """Return a part of an axis of this size, no step where it is the whole.

    Raises:
        InputFileError: nothing is left.
    """
    places = range(*piece.indices(size))
    if places == range(size):
        return []
    if not places:
        message = f"nothing is left of an axis of {size} after {piece}"
        raise InputFileError(message, where=call.place)
    attributes = {"axis": axis, "start": places[0], "step": places.step, "length": len(places)}
    return [Step("slice", attributes)]


def _without_ellipsis(call: LayerCall, key: list[Any]) -> list[Any]:
    """Return the entries of an index with ``...`` written out."""
    names = [entry.get("class_name") if isinstance(entry, dict) else None for entry in key]
    if "__ellipsis__" not in names:
        return key
    place = names.index("__ellipsis__")
    named = sum(entry is not None for entry in key) - 1
    missing = len(call.shapes[0]) + 1 - named
    return [*key[:place], *[FULL] * max(missing, 0), *key[place + 1 :]]


def _slice(call: LayerCall, entry: Any) -> slice:
    """Return a slice as Keras 3 (an object of a class) or 2 (start, stop, step) writes it."""
    config = entry.get("config", entry) if isinstance(entry, dict) else None
    if isinstance(config, dict):
        bounds = [config.get(name) for name in ("start", "stop", "step")]
        if all(bound is None or type(bound) is int for bound in bounds) and bounds[2] != 0:
            return slice(*bounds)
    message = f"it is indexed with {entry!r:.60}"
    raise call.unsupported(message, "supported: constant slices and whole numbers")
