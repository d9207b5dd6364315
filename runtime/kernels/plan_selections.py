"""Plans of the layers that move values: one index map each, in the longest stretches possible."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Integers
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import Step
from caloexport.runtime.network import Node
from caloexport.runtime.selection import NOWHERE, places_of

if TYPE_CHECKING:
    from caloexport.runtime.kernels.planner import Planner


def plan_selection(planner: Planner, node: Node, source: int) -> None:
    """Plan permute, slice, upsample or pad."""
    shape = planner.network.shapes[node.inputs[0]]
    value = float(node.attributes.get("value", 0.0))
    places = places_of(node, [shape])
    planner.places[node.name] = planner.place(places.shape)
    planner.steps.append(gather(planner, source, planner.places[node.name], places, value))


def plan_reduction(planner: Planner, node: Node, source: int) -> None:
    """Plan a reduction: bring its axes to the end, then take them together."""
    shape, axes = planner.network.shapes[node.inputs[0]], node.attributes["axes"]
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    order = [*kept, *sorted(axes)]
    if order != list(range(len(shape))):
        places = np.arange(math.prod(shape)).reshape(shape).transpose(order)
        turned = planner.place(shape)
        planner.steps.append(gather(planner, source, turned, places, 0.0))
        source = turned
    planner.places[node.name] = planner.place(planner.network.shapes[node.name])
    row = {
        codes.OPERATION: codes.REDUCE,
        codes.SOURCE: source,
        codes.TARGET: planner.places[node.name],
        codes.POSITIONS: math.prod(shape[axis] for axis in kept),
        codes.N_IN: math.prod(shape[axis] for axis in axes),
        codes.FUNCTION: codes.REDUCTIONS[node.attributes["function"]],
    }
    planner.steps.append(Step(row))


def gather(planner: Planner, source: int, target: int, places: Integers, value: float) -> Step:
    """Return the step that copies values from their places, ``value`` to where there is none."""
    starts, length = stretches(places)
    row = {
        codes.OPERATION: codes.GATHER,
        codes.SOURCE: source,
        codes.TARGET: target,
        codes.PLACES: planner.address(starts),
        codes.STRETCHES: starts.size,
        codes.STRETCH: length,
    }
    return Step(row, (value,))


def stretches(places: Integers) -> tuple[Integers, int]:
    """Return the first place of each stretch of neighbours, and how long all of them are.

    Args:
        places: of any shape; stretches are whole trailing axes.

    >>> stretches(np.array([[2, 3], [0, 1], [-1, -1]]))
    (array([ 2,  0, -1]), 2)
    """
    for axis in range(places.ndim + 1):
        length = math.prod(places.shape[axis:])
        rows = places.reshape(-1, length)
        steps = np.where(rows[:, :1] < 0, NOWHERE, rows[:, :1] + np.arange(length))
        if (rows == steps).all():
            return np.ascontiguousarray(rows[:, 0]), length
    raise AssertionError("a single value is a stretch")
