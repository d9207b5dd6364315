"""The cells of a cylinder, divided into needles along the particle.

A needle is a line parallel to the particle through a whole cell. All needles of a cell carry the
same share of its energy, evenly along their length, so depth and the way along the beam axis are
shared exactly; across, needles stand for the area around them. n of them are at the n middles of
equal parts in r² and of equal parts in φ, in an order that spreads them evenly, that of the
multiples of the golden ratio.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.runtime.readout import Readout

#: of every cell
FEWEST = 6
MOST = 64
#: more of them for the part of a readout cell's area that a cell covers
PER_READOUT_CELL = 8
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Needles:
    """The needles of all cells of one (r, φ), for every z.

    Attributes:
        first: (n_r + 1,) number of the first needle of each ring.
        counts: (n_r,) needles of a cell.
        x_mm, y_mm: (needles,) in the frame of the shower, ring by ring, φ cell by φ cell.
    """

    first: Integers
    counts: Integers
    x_mm: Float64
    y_mm: Float64


def require_cylinder(mesh: Mesh) -> CylinderMesh:
    """Return the mesh if it is a cylinder with known cell sizes.

    Raises:
        UnsupportedError: it is not.
    """
    if not isinstance(mesh, CylinderMesh):
        message = (
            "a readout shares the cells of a regular cylinder, this mesh has layers of its own"
        )
        raise UnsupportedError(message, hint="share showers of a cylinder mesh")
    if mesh.dr_mm is None or mesh.dz_mm is None:
        message = "a readout needs cells of known size, and those of this mesh are not known"
        raise UnsupportedError(message, hint="take a generator whose mesh tells dr_mm and dz_mm")
    return mesh


def needle_counts(mesh: CylinderMesh, readout: Readout) -> list[int]:
    """Return how many needles a cell of each ring has.

    >>> from caloexport.runtime.readout import ReadoutLayer
    >>> layer = ReadoutLayer((0.0, 3.4), (5.0, 5.0), (0.0, 0.0), (0.0, 0.0), 80, 80)
    >>> counts = needle_counts(CylinderMesh(18, 50, 45, 2.325, 3.4), Readout("", "", "", (layer,)))
    >>> counts[0], counts[17]
    (7, 10)
    """
    assert mesh.dr_mm is not None
    smallest = min(layer.cell_mm[0] * layer.cell_mm[1] for layer in readout.layers)
    part = mesh.dr_mm**2 * math.pi / mesh.n_phi / smallest  # of the innermost cell
    wanted = (FEWEST + PER_READOUT_CELL * part * (2 * ring + 1) for ring in range(mesh.n_r))
    return [min(MOST, math.ceil(one)) for one in wanted]


def golden_order(n: int) -> list[int]:
    """Return the ranks of k · golden ratio modulo 1 for k = 0 .. n - 1.

    >>> golden_order(5)
    [0, 3, 1, 4, 2]
    """
    places = [k * GOLDEN % 1 for k in range(n)]
    return [sum(other < place for other in places) for place in places]


def needles_of(mesh: CylinderMesh, counts: Sequence[int]) -> Needles:
    """Place the needles of a mesh.

    Args:
        mesh: of known cell sizes.
        counts: needles of a cell for each ring.
    """
    assert mesh.dr_mm is not None
    x_mm, y_mm = [], []
    for ring, n in enumerate(counts):
        order = golden_order(n)
        radii = [
            mesh.dr_mm * math.sqrt(ring * ring + (k + 0.5) / n * (2 * ring + 1)) for k in range(n)
        ]
        for sector in range(mesh.n_phi):
            for k in range(n):
                turn = (sector + (order[k] + 0.5) / n) / mesh.n_phi
                phi = mesh.phi_origin_rad + turn * (2 * math.pi)
                x_mm.append(radii[k] * math.cos(phi))  # of libm, as in C++: numpy has its own
                y_mm.append(radii[k] * math.sin(phi))
    totals = np.cumsum([0, *(mesh.n_phi * n for n in counts)])
    return Needles(
        totals.astype(np.int64), np.array(counts, dtype=np.int64), np.array(x_mm), np.array(y_mm)
    )
