"""Plans of convolutions: their kernels are matrices, their windows index maps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import Step
from caloexport.runtime.kernels.plan_selections import gather
from caloexport.runtime.network import Node, Shape
from caloexport.runtime.packing import TILE
from caloexport.runtime.selection import NOWHERE, places_of
from caloexport.runtime.windows import Windows, windows_of

if TYPE_CHECKING:
    from caloexport.runtime.kernels.planner import Planner


def window_floats(node: Node) -> int:
    """Return how many floats a convolution writes out for a block of positions."""
    if node.kind not in ("conv", "conv_transpose"):
        return 0
    # inputs of a convolution, outputs of a transposed one, for every tap
    each = math.prod(node.weights["kernel"].shape[:-1])
    return codes.POSITIONS_TOGETHER * each


def plan_conv(planner: Planner, node: Node, source: int) -> None:
    """Plan a convolution with the activation behind it."""
    shape, result = planner.network.shapes[node.inputs[0]], planner.network.shapes[node.name]
    windows = windows_of(node, shape, "padding", 0)
    source, shape = _padded(planner, source, shape, windows)
    windows = replace(windows, margins=((0, 0),) * len(windows.sizes))
    stretch = shape[-1] * windows.sizes[-1]
    if windows.dilation[-1] == 1:  # the taps along the last axis are neighbours
        windows = replace(windows, sizes=(*windows.sizes[:-1], 1))
    else:
        stretch = shape[-1]
    places = window_places(windows, shape, result[:-1])
    target, numbers, constants = planner.with_activation(node)
    row = {
        codes.OPERATION: codes.CONVOLVE,
        codes.SOURCE: source,
        codes.TARGET: target,
        codes.OTHER: planner.windows,
        codes.POSITIONS: math.prod(result[:-1]),
        codes.N_IN: places.shape[1] * stretch,
        codes.N_OUT: result[-1],
        codes.FIRST: planner.weight(node, "kernel"),
        codes.SECOND: planner.weight(node, "bias"),
        codes.PLACES: planner.address(places),
        codes.STRETCHES: places.shape[1],
        codes.STRETCH: stretch,
    }
    planner.steps.append(Step({**row, **numbers}, constants))


def _padded(planner: Planner, source: int, shape: Shape, windows: Windows) -> tuple[int, Shape]:
    """Put zeros around the input of a convolution, so that no window leaves it."""
    if not any(map(sum, windows.margins)):
        return source, shape
    margins = [*map(list, windows.margins), [0, 0]]
    places = places_of(Node("", "pad", ("",), {"padding": margins}), [shape])
    target = planner.place(places.shape)
    planner.steps.append(gather(planner, source, target, places, 0.0))
    return target, places.shape


def plan_conv_transpose(planner: Planner, node: Node, source: int) -> None:
    """Plan a transposed convolution."""
    shape, result = planner.network.shapes[node.inputs[0]], planner.network.shapes[node.name]
    windows = windows_of(node, shape, "crop", -(2**20))
    # cell by cell the roles are those of a convolution that goes the other way
    places = window_places(windows, result, shape[:-1])
    planner.places[node.name] = planner.place(result)
    products = places.shape[1] * result[-1]
    row = {
        codes.OPERATION: codes.SPREAD,
        codes.SOURCE: source,
        codes.TARGET: planner.places[node.name],
        codes.OTHER: planner.windows,
        codes.POSITIONS: math.prod(shape[:-1]),
        codes.N_IN: shape[-1],
        codes.N_OUT: products,
        codes.FIRST: planner.weight(node, "kernel"),
        codes.SECOND: planner.address(np.zeros(-(-products // TILE) * TILE, dtype=np.float32)),
        codes.PLACES: planner.address(places),
        codes.STRETCHES: places.shape[1],
        codes.STRETCH: result[-1],
        codes.CELLS: math.prod(result[:-1]),
        codes.CELL_BIAS: planner.weight(node, "bias"),
    }
    planner.steps.append(Step(row))


def window_places(windows: Windows, shape: Shape, positions: Sequence[int]) -> Integers:
    """Return where each tap of each window reads (or, transposed, writes).

    Args:
        windows: of the convolution.
        shape: (*spatial, channels) of the larger side.
        positions: of the windows along each axis.

    Returns:
        (windows, taps): offset of the first channel, or NOWHERE beyond the edge.
    """
    *spatial, channels = shape
    place = np.zeros((1, 1), dtype=np.int64)
    inside = np.ones((1, 1), dtype=bool)
    for axis, size in enumerate(spatial):
        window = np.arange(positions[axis]) * windows.strides[axis] - windows.margins[axis][0]
        tap = np.arange(windows.sizes[axis]) * windows.dilation[axis]
        cell = window[:, None] + tap
        place = _combined(place * size, cell, np.add)
        inside = _combined(inside, (cell >= 0) & (cell < size), np.logical_and)
    return np.ascontiguousarray(np.where(inside, place * channels, NOWHERE))


def _combined(first: Array, second: Array, operation: np.ufunc) -> Array:
    """Return (windows·w, taps·t) of (windows, taps) and (w, t): the later axis runs faster."""
    both = operation(first[:, None, :, None], second[None, :, None, :])
    return np.asarray(both.reshape(len(first) * len(second), -1))
