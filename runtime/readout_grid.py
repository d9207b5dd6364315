"""A readout as arrays, for compiled code and for its reference."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.readout import TOUCHING_MM, Readout

#: what a part of the depth is that no layer owns
DEAD, OUTSIDE = -1, -2
#: columns of ``lengths``
X_LOW, Y_LOW, X_CELLS_PER_MM, Y_CELLS_PER_MM, X_GAP, Y_GAP = range(6)
#: columns of ``counts``
N_X, N_Y, FIRST = range(3)
#: columns of windows
X0, Y0, WIDTH, HEIGHT, START = range(5)
#: in an MeV: energies are shared as whole numbers of them, so that sums are exact in any order
UNITS = 2.0**33
#: cells along x; a needle that crosses less is at one place
SHORTEST = 1e-6
#: edges of cells belong to the upper one even where rounding puts a needle below
NUDGE_MM = 1e-9


class Grid(NamedTuple):
    """A readout as arrays.

    Attributes:
        edges_mm: (segments + 1,) of the depth; the first is -inf, the last +inf.
        layers: (segments,) layer of each segment, or DEAD, or OUTSIDE.
        lengths: (n_layers, 6) lower edges, cells per mm and half gaps in cells, x and y each.
        counts: (n_layers, 3) n_x, n_y and number of the first cell.
    """

    edges_mm: Float64
    layers: Integers
    lengths: Float64
    counts: Integers


def grid_of(readout: Readout) -> Grid:
    """Return the arrays of a readout.

    >>> from caloexport.runtime.readout import ReadoutLayer
    >>> layer = ReadoutLayer((1.0, 3.0), (5.0, 5.0), (0.0, 0.0), (0.0, 0.0), 2, 2)
    >>> grid = grid_of(Readout("small", "", "", (layer,)))
    >>> grid.edges_mm.tolist(), grid.layers.tolist()
    ([-inf, 1.0, 3.0, inf], [-2, 0, -2])
    """
    edges, layers = [-math.inf, readout.layers[0].depth_mm[0]], [OUTSIDE]
    lengths, counts = [], []
    for number, layer in enumerate(readout.layers):
        begin, end = layer.depth_mm
        if begin > edges[-1] + TOUCHING_MM:
            edges.append(begin)
            layers.append(DEAD)
        edges.append(end)
        layers.append(number)
        (cell_x, cell_y), (gap_x, gap_y) = layer.cell_mm, layer.gap_mm
        lengths.append(
            [*layer.low_mm, 1 / cell_x, 1 / cell_y, gap_x / cell_x / 2, gap_y / cell_y / 2]
        )
        counts.append([layer.n_x, layer.n_y, int(readout.first[number])])
    return Grid(
        np.array([*edges, math.inf]),
        np.array([*layers, OUTSIDE], dtype=np.int64),
        np.array(lengths, dtype=np.float64),
        np.array(counts, dtype=np.int64),
    )


def windows_of(
    grid: Grid, mesh: CylinderMesh, sine: float, cosine: float, entry_mm: tuple[float, float]
) -> Integers:
    """Return the part of each layer that a mesh can reach.

    Args:
        grid: of the readout.
        mesh: of known cell sizes.
        sine, cosine: of the polar angle.
        entry_mm: (x, y) where the particle enters.

    Returns:
        (n_layers + 1, 5): first ix and iy, number of cells along x and y, and number of the first
        of them; that of the last row is the number of all.
    """
    assert mesh.dr_mm is not None
    assert mesh.dz_mm is not None
    radius, length = mesh.n_r * mesh.dr_mm, mesh.n_z * mesh.dz_mm
    along = length * cosine
    x_low = entry_mm[0] - radius * sine + min(0.0, along)
    x_high = entry_mm[0] + radius * sine + max(0.0, along)
    y_low, y_high = entry_mm[1] - radius, entry_mm[1] + radius
    lengths, counts = grid.lengths, grid.counts
    x_0, x_1 = _reach(x_low, x_high, lengths[:, X_LOW], lengths[:, X_CELLS_PER_MM], counts[:, N_X])
    y_0, y_1 = _reach(y_low, y_high, lengths[:, Y_LOW], lengths[:, Y_CELLS_PER_MM], counts[:, N_Y])
    windows = np.zeros((len(counts) + 1, 5), dtype=np.int64)
    windows[:-1, X0], windows[:-1, Y0] = x_0, y_0
    windows[:-1, WIDTH], windows[:-1, HEIGHT] = x_1 - x_0, y_1 - y_0
    windows[1:, START] = np.cumsum(windows[:-1, WIDTH] * windows[:-1, HEIGHT])
    return windows


def _reach(
    low: float, high: float, edge: Float64, per_mm: Float64, n: Integers
) -> tuple[Integers, Integers]:
    """Return first and last plus one of the cells between two lengths, one more at both ends."""
    first = np.clip(np.floor((low - edge) * per_mm) - 1, 0, n)
    last = np.clip(np.floor((high - edge) * per_mm) + 2, 0, n)
    return first.astype(np.int64), last.astype(np.int64)
