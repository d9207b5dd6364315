"""A readout: layers of a real detector with cells of their own, offsets and dead gaps.

Coordinates are those of a detector whose front face is the plane z = 0: depth along +z, the
collider's beam axis along +x, y = z × x.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.fields import blame_file, listing, numbers, text, whole

MAX_LAYERS = 1024
#: of one layer along one axis; a guard against damaged files
MAX_CELLS_ALONG = 2**20
#: depths that are closer are the same: multiples of a pitch are rounded
TOUCHING_MM = 1e-6


@dataclass(frozen=True)
class ReadoutLayer:
    """One layer: equal cells, side by side.

    Attributes:
        depth_mm: where it begins and ends; whatever is deposited between is its own.
        cell_mm: distance between the centres of neighbouring cells along x and y.
        gap_mm: dead part of that, between neighbours.
        offset_mm: (x, y) of the middle of the layer.
        n_x, n_y: number of cells.

    >>> layer = ReadoutLayer((0.0, 3.4), (5.0, 5.0), (0.0, 0.0), (0.0, 2.5), 80, 80)
    >>> layer.low_mm
    (-200.0, -197.5)
    """

    depth_mm: tuple[float, float]
    cell_mm: tuple[float, float]
    gap_mm: tuple[float, float]
    offset_mm: tuple[float, float]
    n_x: int
    n_y: int

    def __post_init__(self) -> None:
        begin, end = self.depth_mm
        lengths = (*self.depth_mm, *self.cell_mm, *self.gap_mm, *self.offset_mm)
        if not all(math.isfinite(one) and abs(one) < 1e6 for one in lengths):
            message = f"a layer has lengths beyond a kilometre: {lengths}"
            raise UsageError(message)
        if not 0 <= begin < end:
            message = (
                f"a layer goes from {begin:g} to {end:g} mm of depth, expected 0 or more, rising"
            )
            raise UsageError(message)
        for axis, cell, gap in zip("xy", self.cell_mm, self.gap_mm, strict=True):
            if not cell >= 1e-3 or not 0 <= gap < cell:
                message = f"a layer has cells of {cell:g} mm with gaps of {gap:g} mm along {axis}"
                hint = "cells of 1 um at least, the gap is the dead part of them"
                raise UsageError(message, hint=hint)
        if not (1 <= self.n_x <= MAX_CELLS_ALONG and 1 <= self.n_y <= MAX_CELLS_ALONG):
            message = f"a layer has {self.n_x} x {self.n_y} cells"
            raise UsageError(message, hint=f"1 to {MAX_CELLS_ALONG} along x and y")

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.n_x * self.n_y

    @property
    def low_mm(self) -> tuple[float, float]:
        """Lower edges of the first cell, along x and y."""
        return (
            self.offset_mm[0] - self.n_x * self.cell_mm[0] / 2,
            self.offset_mm[1] - self.n_y * self.cell_mm[1] / 2,
        )


@dataclass(frozen=True)
class Readout:
    """Layers in order of depth; a cell has the number first[layer] + ix · n_y + iy.

    Attributes:
        name: for messages and files.
        title: one line.
        source: where the numbers are from.
        layers: in order of depth.

    >>> layer = ReadoutLayer((0.0, 3.4), (5.0, 5.0), (0.0, 0.0), (0.0, 0.0), 2, 3)
    >>> readout = Readout("small", "", "", (layer,))
    >>> readout.n_cells, readout.indices(np.array([4]))["iy"].tolist()
    (6, [1])
    """

    name: str
    title: str
    source: str
    layers: tuple[ReadoutLayer, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.layers) <= MAX_LAYERS:
            message = f"a readout has {len(self.layers)} layers, expected 1 to {MAX_LAYERS}"
            raise UsageError(message)
        for number, (one, next_one) in enumerate(itertools.pairwise(self.layers)):
            if next_one.depth_mm[0] < one.depth_mm[1] - TOUCHING_MM:
                message = (
                    f"layer {number} ends at {one.depth_mm[1]:g} mm, behind the beginning of the "
                    f"next one at {next_one.depth_mm[0]:g} mm"
                )
                raise UsageError(message, hint="layers are in order of depth and do not overlap")

    @cached_property
    def first(self) -> Integers:
        """Number of the first cell of each layer, and of all cells, (n_layers + 1,)."""
        sizes = [layer.n_cells for layer in self.layers]
        return np.array([0, *itertools.accumulate(sizes)], dtype=np.int64)

    @property
    def n_cells(self) -> int:
        """Number of cells of all layers."""
        return int(self.first[-1])

    def indices(self, cells: Integers) -> dict[str, Integers]:
        """Return for cells (k,) by number their ``layer``, ``ix`` and ``iy``."""
        layer = np.searchsorted(self.first, cells, side="right") - 1
        inside = cells - self.first[layer]
        n_y = np.array([one.n_y for one in self.layers])[layer]
        return {"layer": layer, "ix": inside // n_y, "iy": inside % n_y}

    def centres(self, cells: Integers) -> dict[str, Float64]:
        """Return for cells (k,) by number their centres ``x_mm``, ``y_mm`` and ``z_mm``."""
        index = self.indices(cells)
        layer = index["layer"]
        low = np.array([one.low_mm for one in self.layers])[layer]
        size = np.array([one.cell_mm for one in self.layers])[layer]
        depth = np.array([one.depth_mm for one in self.layers])[layer]
        return {
            "x_mm": low[:, 0] + (index["ix"] + 0.5) * size[:, 0],
            "y_mm": low[:, 1] + (index["iy"] + 0.5) * size[:, 1],
            "z_mm": depth.mean(axis=1),
        }

    def to_json(self) -> dict[str, Any]:
        """Return the readout as JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "layers": [_layer_to_json(layer) for layer in self.layers],
        }


def _layer_to_json(layer: ReadoutLayer) -> dict[str, Any]:
    return {
        "depth_mm": list(layer.depth_mm),
        "cell_mm": list(layer.cell_mm),
        "gap_mm": list(layer.gap_mm),
        "offset_mm": list(layer.offset_mm),
        "n": [layer.n_x, layer.n_y],
    }


def readout_from_json(data: dict[str, Any], where: str) -> Readout:
    """Read what :meth:`Readout.to_json` wrote.

    Raises:
        InputFileError: a field is missing, has the wrong type or makes no sense.
    """
    with blame_file(where):
        return Readout(
            text(data, "name", where),
            text(data, "title", where),
            text(data, "source", where),
            tuple(_layer_from_json(one, where) for one in listing(data, "layers", where)),
        )


def _layer_from_json(data: Any, where: str) -> ReadoutLayer:
    n_x, n_y = listing(data, "n", where)
    counts = {"n_x": n_x, "n_y": n_y}
    return ReadoutLayer(
        _pair(data, "depth_mm", where),
        _pair(data, "cell_mm", where),
        _pair(data, "gap_mm", where),
        _pair(data, "offset_mm", where),
        whole(counts, "n_x", where),
        whole(counts, "n_y", where),
    )


def _pair(data: Any, key: str, where: str) -> tuple[float, float]:
    first, second = numbers(data, key, where)
    return first, second
