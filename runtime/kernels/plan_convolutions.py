"""Plans of convolutions: their kernels are matrices, their windows index maps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Integers
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import Step
from caloexport.runtime.kernels.plan_selections import gather
from caloexport.runtime.network import Node, Shape
from caloexport.runtime.packing import TILE
from caloexport.runtime.selection import places_of
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
    margins = [*map(list, windows.margins), [0, 0]]
    pad = Node(node.name, "pad", node.inputs, {"padding": margins})
    source, shape = _moved(planner, source, shape, pad)  # so that no window leaves the cells
    stretch = shape[-1]
    if windows.dilation[-1] == 1:  # the taps along the last axis are neighbours
        stretch *= windows.sizes[-1]
        windows = replace(windows, sizes=(*windows.sizes[:-1], 1))
    offsets = _offsets(windows, shape)
    target, numbers, constants = planner.with_activation(node)
    row = {
        codes.OPERATION: codes.CONVOLVE,
        codes.SOURCE: source,
        codes.TARGET: target,
        codes.OTHER: planner.windows,
        codes.POSITIONS: math.prod(result[:-1]),
        codes.N_IN: offsets.size * stretch,
        codes.N_OUT: result[-1],
        codes.FIRST: planner.weight(node, "kernel"),
        codes.SECOND: planner.weight(node, "bias"),
        codes.PLACES: planner.address(_corners(windows, shape, result[:-1])),
        codes.OFFSETS: planner.address(offsets),
        codes.STRETCHES: offsets.size,
        codes.STRETCH: stretch,
    }
    planner.steps.append(Step({**row, **numbers}, constants))


def plan_conv_transpose(planner: Planner, node: Node, source: int) -> None:
    """Plan a transposed convolution: everything that is spread, then the cells that stay."""
    shape, result = planner.network.shapes[node.inputs[0]], planner.network.shapes[node.name]
    windows = windows_of(node, shape, "crop", -(2**20))
    cropped = [(max(a, 0), max(b, 0)) for a, b in windows.margins]
    whole = (*(n + a + b for n, (a, b) in zip(result, cropped, strict=False)), result[-1])
    target = planner.place(whole)
    offsets = _offsets(windows, whole)
    added = [max(-a, 0) for a, _ in windows.margins]  # cells before the first window
    corners = _corners(windows, whole, shape[:-1]) + sum(_steps(whole)[:-1] * np.array(added))
    products = offsets.size * result[-1]
    row = {
        codes.OPERATION: codes.SPREAD,
        codes.SOURCE: source,
        codes.TARGET: target,
        codes.OTHER: planner.windows,
        codes.POSITIONS: math.prod(shape[:-1]),
        codes.N_IN: shape[-1],
        codes.N_OUT: products,
        codes.FIRST: planner.weight(node, "kernel"),
        codes.SECOND: planner.address(np.zeros(-(-products // TILE) * TILE, dtype=np.float32)),
        codes.PLACES: planner.address(corners),
        codes.OFFSETS: planner.address(offsets),
        codes.STRETCHES: offsets.size,
        codes.STRETCH: result[-1],
        codes.CELLS: math.prod(whole[:-1]),
        codes.CELL_BIAS: planner.weight(node, "bias"),
    }
    planner.steps.append(Step(row))
    for axis, (before, _) in enumerate(cropped):
        given = {"axis": axis, "start": before, "step": 1, "length": result[axis]}
        target, whole = _moved(planner, target, whole, Node("", "slice", ("",), given))
    planner.places[node.name] = target


def _moved(planner: Planner, source: int, shape: Shape, node: Node) -> tuple[int, Shape]:
    """Apply pad or slice to a value where it changes the shape; return place and shape."""
    places = places_of(node, [shape])
    if places.shape == shape:
        return source, shape
    target = planner.place(places.shape)
    planner.steps.append(gather(planner, source, target, places, 0.0))
    return target, places.shape


def _steps(shape: Shape) -> Integers:
    """Return how many floats lie between neighbours along each axis."""
    return np.array([math.prod(shape[axis + 1 :]) for axis in range(len(shape))])


def _corners(windows: Windows, shape: Shape, positions: Sequence[int]) -> Integers:
    """Return where each window begins in an array of this shape, (windows,)."""
    return _grid(positions, np.array(windows.strides) * _steps(shape)[:-1])


def _offsets(windows: Windows, shape: Shape) -> Integers:
    """Return how far behind the beginning of its window each tap lies, (taps,)."""
    return _grid(windows.sizes, np.array(windows.dilation) * _steps(shape)[:-1])


def _grid(sizes: Sequence[int], steps: Integers) -> Integers:
    """Return the places of a regular grid, the last axis runs fastest."""
    place = np.zeros(1, dtype=np.int64)
    for size, step in zip(sizes, steps, strict=True):
        place = (place[:, None] + np.arange(size) * step).reshape(-1)
    return place
