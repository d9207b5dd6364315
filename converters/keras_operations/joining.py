"""Tensors joined to one, and one taken apart into several."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from caloexport.converters.keras_layers import Graph, Input, LayerCall, Step, Steps, handles
from caloexport.converters.keras_layers.merging import joined
from caloexport.converters.keras_layers.steps import Value, after
from caloexport.converters.keras_operations.indexing import LARGEST_COUNT, part, to_rank
from caloexport.runtime.errors import InputFileError


@handles("ops.Concatenate")
def concatenate(call: LayerCall) -> list[Step]:
    """Return the tensors side by side along the axis."""
    return joined(call, call.axis(call.option("axis", default=-1)))


@handles("ops.Hstack")
def hstack(call: LayerCall) -> list[Step]:
    """Return the tensors side by side along the first axis after that of the batch."""
    return joined(call, call.axis(1))


@handles("ops.Stack")
def stack(call: LayerCall) -> Graph:
    """Return the tensors along a new axis."""
    if len(set(call.shapes)) > 1:
        message = f"it stacks tensors of different shapes {list(call.shapes)}"
        raise InputFileError(message, where=call.place)
    shape = list(call.shapes[0])
    axis = call.axis(call.option("axis", default=0), len(shape) + 1)
    wider = Step("reshape", {"shape": [*shape[:axis], 1, *shape[axis:]]}, scalar=False)
    reads = tuple(after([wider], Input(number)) for number in range(len(call.shapes)))
    return Graph((Step("concatenate", {"axis": axis}, reads=reads, scalar=False),))


@handles("ops.Split", "ops.ArraySplit")
def split(call: LayerCall) -> Steps:
    """Return the parts of an axis, given their number or where they begin."""
    axis, sections = call.axis(call.option("axis", default=0)), call.option("indices_or_sections")
    size = call.shapes[0][axis]
    return Graph(_parts(call, axis, _bounds(call, sections, size)))


@handles("ops.Unstack")
def unstack(call: LayerCall) -> Graph:
    """Return every index of an axis as a tensor without it."""
    axis, shape = call.axis(call.option("axis", default=0)), call.shapes[0]
    rest = [n for k, n in enumerate(shape) if k != axis]
    narrow = (*shape[:axis], 1, *shape[axis + 1 :])
    _require_few(call, shape[axis])
    pieces = _parts(call, axis, list(range(shape[axis] + 1)))
    return Graph(tuple(after(to_rank(narrow, rest), piece) for piece in pieces))


def _require_few(call: LayerCall, count: int) -> None:
    if count > LARGEST_COUNT:
        message = f"it makes {count} tensors"
        raise call.unsupported(message, f"at most {LARGEST_COUNT} are allowed")


def _parts(call: LayerCall, axis: int, bounds: list[int]) -> tuple[Value, ...]:
    """Return the parts of an axis between bounds."""
    size = call.shapes[0][axis]
    return tuple(
        after(part(call, size, axis, slice(start, stop)), Input(0))
        for start, stop in pairwise(bounds)
    )


def _bounds(call: LayerCall, sections: Any, size: int) -> list[int]:
    if type(sections) is int and 0 < sections <= size:
        _require_few(call, sections)
        small, larger = divmod(size, sections)
        if larger and call.class_name == "Split":
            message = f"it splits {size} values into {sections} equal parts"
            raise InputFileError(message, where=call.place)
        return [k * small + min(k, larger) for k in range(sections + 1)]
    if isinstance(sections, (list, tuple)) and all(type(n) is int for n in sections):
        _require_few(call, len(sections))
        return [0, *(n if n >= 0 else n + size for n in sections), size]
    message = f"it splits {size} values at {sections!r:.60}"
    raise InputFileError(message, where=call.place)
