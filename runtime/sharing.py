"""Share the showers of a cylinder mesh over the cells of a readout, conserving energy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.backends import backends
from caloexport.runtime.cell_list import CellList, cells_of
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.needles import needle_counts, needles_of, require_cylinder
from caloexport.runtime.readout import Readout
from caloexport.runtime.readout_grid import NUDGE_MM, START, UNITS, grid_of, windows_of

#: sine of the polar angle; a particle along the layers would never reach the next one
FLATTEST = 0.05
#: mm; where particles enter
FARTHEST_MM = 1e6


class ReadoutHits(NamedTuple):
    """Hits of n showers; those of shower i are ``offsets[i]`` to ``offsets[i + 1] - 1``.

    Attributes:
        offsets: (n + 1,) int64.
        cells: (hits,) int64 numbers of the readout's cells, ascending within a shower.
        energies: (hits,) float32, MeV.
        dead_mev: (n,) in gaps between cells, and between layers.
        outside_mev: (n,) in front of the first layer, behind the last, or beside the cells.
    """

    offsets: Integers
    cells: Integers
    energies: Float32
    dead_mev: Float64
    outside_mev: Float64


@dataclass(frozen=True)
class Placed:
    """A mesh in the detector: what compiled code and its reference are given for one shower.

    Attributes:
        direction: (2,) sine and cosine of the polar angle.
        entry_mm: (2,) x and y where the particle enters.
        windows: of the readout, see ``windows_of``.
    """

    direction: Float64
    entry_mm: Float64
    windows: Integers


class Sharing:
    """A mesh and a readout, prepared for sharing.

    The mesh lies in the detector as Par04's: its axis along the particle, which moves in the plane
    y = const at the polar angle θ to the beam axis +x; φ = 0 is the direction of growing θ.

    Args:
        readout: whose cells are filled.
        mesh: a cylinder with known cell sizes.
        backend: ``"numba"``, ``"numpy"`` (the reference), or None for numba where it is installed.
            Both give the same hits, bit for bit.

    Raises:
        UnsupportedError: another mesh.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> from caloexport.runtime.readout import ReadoutLayer
    >>> layer = ReadoutLayer((0.0, 2.0), (5.0, 5.0), (0.0, 0.0), (0.0, 0.0), 2, 2)
    >>> mesh = CylinderMesh(1, 4, 1, 1.0, 2.0)
    >>> sharing = Sharing(Readout("small", "", "", (layer,)), mesh, backend="numpy")
    >>> hits = sharing.share(np.full((1, 1, 4, 1), 3, "float32"), theta_rad=math.pi / 2)
    >>> hits.cells.tolist(), hits.energies.round(4).tolist()
    ([0, 1, 2, 3], [3.0, 3.0, 3.0, 3.0])
    """

    def __init__(self, readout: Readout, mesh: Mesh, *, backend: str | None = None) -> None:
        self.readout = readout
        self.mesh = require_cylinder(mesh)
        self.grid = grid_of(readout)
        self.needles = needles_of(self.mesh, needle_counts(self.mesh, readout))
        name = backend or ("numba" if backends["numba"].available() else "numpy")
        backends[name].require()
        self._compiled = name == "numba"

    def share(
        self, showers: Float32 | CellList, theta_rad: Any, entry_mm: Any = (0.0, 0.0)
    ) -> ReadoutHits:
        """Share showers.

        Args:
            showers: (n, *mesh shape) float32 in MeV, or the list of their cells.
            theta_rad: polar angle, one or (n,).
            entry_mm: (x, y) where the particle enters the front face, one pair or (n, 2).

        Returns:
            hits, and the energy that no cell catches. Their sum is that of the shower, to 1e-9 MeV
            for each of its cells and the rounding of hits to float32.

        Raises:
            UsageError: arrays of the wrong shape, or an angle along the layers.
        """
        lists = self.listed(showers)
        n = len(lists.offsets) - 1
        thetas = _for_each(theta_rad, (n,), "theta_rad")
        entries = _for_each(entry_mm, (n, 2), "entry_mm")

        def one(
            number: int, cells: Array, energies: Float32, lost: Float64
        ) -> tuple[Integers, Float32]:
            placed = self.placed(float(thetas[number]), entries[number])
            return self._one(cells, energies, placed, lost)

        return share_each(lists, one)

    def listed(self, showers: Float32 | CellList) -> CellList:
        """Return the list of cells of showers, given as such or dense."""
        return showers if isinstance(showers, CellList) else cells_of(self._checked(showers))

    def placed(self, theta_rad: float, entry_mm: Sequence[float] | Float64) -> Placed:
        """Place the mesh for a particle.

        Raises:
            UsageError: it moves along the layers, or enters nowhere.
        """
        sine, cosine = math.sin(theta_rad), math.cos(theta_rad)
        if not sine >= FLATTEST:
            message = f"a particle at {theta_rad:g} rad to the beam axis moves along the layers"
            raise UsageError(message, hint="π/2 is perpendicular to them")
        x_mm, y_mm = (float(one) for one in entry_mm)
        if not max(abs(x_mm), abs(y_mm)) <= FARTHEST_MM:
            message = f"a particle enters at ({x_mm:g}, {y_mm:g}) mm"
            raise UsageError(message, hint=f"at most {FARTHEST_MM:g} mm from the middle")
        entry = x_mm + NUDGE_MM, y_mm + NUDGE_MM
        windows = windows_of(self.grid, self.mesh, sine, cosine, entry)
        return Placed(np.array([sine, cosine]), np.array(entry), windows)

    def _one(
        self, cells: Array, energies: Float32, placed: Placed, lost: Float64
    ) -> tuple[Integers, Float32]:
        """Share one shower: cells and energies of its hits; adds what is lost, in MeV."""
        if not self._compiled:
            from caloexport.runtime.sharing_reference import share_by_numpy

            return share_by_numpy(self, cells, energies, placed, lost)
        from caloexport.runtime.kernels.readout import MARKED, list_hits, share_cells

        mesh, windows = self.mesh, placed.windows
        sums = np.zeros(windows[-1, START])
        marks = np.zeros(len(sums) // MARKED + 1, dtype=np.uint8)
        sizes, strides = self.axes()
        needles = self.needles
        tables = needles.first, needles.counts, needles.x_mm, needles.y_mm
        share_cells(
            cells, energies, sizes, strides, mesh.dz_mm, tables, placed.direction, placed.entry_mm,
            self.grid, windows, sums, marks, lost,
        )  # fmt: skip
        lost /= UNITS
        room = int(np.count_nonzero(marks)) * MARKED
        hit_cells, hit_energies = np.empty(room, np.int64), np.empty(room, np.float32)
        count = list_hits(self.grid, windows, sums, marks, hit_cells, hit_energies)
        return hit_cells[:count], hit_energies[:count]

    def axes(self) -> tuple[Integers, Integers]:
        """Return sizes and strides (3,) of r, φ and z in the flat index of a cell."""
        shape = dict(zip(self.mesh.order, self.mesh.shape, strict=True))
        strides, stride = {}, 1
        for axis in reversed(self.mesh.order):
            strides[axis] = stride
            stride *= shape[axis]
        names = ("r", "phi", "z")
        return np.array([shape[a] for a in names]), np.array([strides[a] for a in names])

    def _checked(self, showers: Array) -> Float32:
        showers = np.asarray(showers, dtype=np.float32)
        if showers.ndim < 2 or showers[:1].size not in (0, n_cells(self.mesh)):
            message = f"showers have the shape {showers.shape}, expected (n, {self.mesh.shape})"
            raise UsageError(message)
        return showers


#: (number, cells, energies, lost) of one shower -> cells and energies of its hits; fills lost
ShareOne = Callable[[int, Array, Float32, Float64], tuple[Integers, Float32]]


def share_each(lists: CellList, share: ShareOne) -> ReadoutHits:
    """Share shower by shower and join the hits."""
    n = len(lists.offsets) - 1
    found, lost = [], np.zeros((n, 2))
    for i in range(n):
        part = slice(lists.offsets[i], lists.offsets[i + 1])
        found.append(share(i, lists.indices[part], lists.energies[part], lost[i]))
    offsets = np.cumsum([0, *(len(cells) for cells, _ in found)], dtype=np.int64)
    cells = np.concatenate([np.empty(0, np.int64), *(one[0] for one in found)])
    energies = np.concatenate([np.empty(0, np.float32), *(one[1] for one in found)])
    return ReadoutHits(offsets, cells, energies, lost[:, 0], lost[:, 1])


def _for_each(value: Any, shape: tuple[int, ...], name: str) -> Float64:
    try:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
    except (ValueError, TypeError):
        found = np.shape(value)
        message = f"'{name}' has the shape {found}, expected {shape} or {shape[1:]}"
        raise UsageError(message) from None
