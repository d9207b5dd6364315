"""Mean and width of the energy in each layer, across the particle's axis.

Source: CaloChallenge, code/HighLevelFeatures.py: with x the coordinate of a cell's centre,

    centre = Σ x E / ΣE      width = √(max(0, Σ x² E / ΣE - centre²))

There η and φ stand for r cos α and r sin α in mm. In a window of detector cells they are η and φ. An
empty layer gives NaN (there: 0), and so does a layer that is one cell wide along the coordinate.
"""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.validation.once_per_block import once
from caloexport.validation.projections import axis_edges, layer_sums
from caloexport.validation.window_layers import layer_cells

Coordinate = Literal["eta", "phi", "r"]
COORDINATES: tuple[Coordinate, ...] = ("r", "eta", "phi")


@once
def layer_moments(energies: Array, mesh: Mesh, coordinate: Coordinate) -> tuple[Float64, Float64]:
    """Return the centre and the width of the energy in each layer, (n, layers) each.

    Args:
        energies: (n, *mesh shape) MeV.
        mesh: the cells.
        coordinate: ``"eta"``, ``"phi"``; or ``"r"``, which windows do not have.

    Returns:
        in the unit of :func:`unit_of`. In a window, centres count from its middle, wherever that is.
    """
    if isinstance(mesh, WindowMesh):
        columns = [_window_sums(energies, mesh, z, coordinate) for z in range(mesh.n_layers)]
        sums = tuple(np.stack(parts, axis=1) for parts in zip(*columns, strict=True))
    else:
        place = 1 + 2 * COORDINATES.index(coordinate)
        found = _sums(energies, mesh)
        sums = tuple(found[:, :, k] for k in (0, place, place + 1))
    total, first, second = sums
    told = (total > 0) & extended(mesh, coordinate)
    centre = np.divide(first, total, where=told, out=np.full_like(total, np.nan))
    square = np.divide(second, total, where=told, out=np.full_like(total, np.nan))
    return centre, np.sqrt(np.maximum(square - centre**2, 0.0))


@once
def _sums(energies: Array, mesh: Mesh) -> Float64:
    """Return ΣE, and Σ x E and Σ x² E for each of :data:`COORDINATES`, (n, layers, 7)."""
    return layer_sums(energies, mesh, _powers(mesh))


@functools.lru_cache(maxsize=4)  # samples come in hundreds of blocks
def _powers(mesh: Mesh) -> Float64:
    """Return 1, and x and x² of each of :data:`COORDINATES`, (cells, 7)."""
    at = [positions(mesh, coordinate) for coordinate in COORDINATES]
    found = np.stack([np.ones_like(at[0]), *(x**k for x in at for k in (1, 2))], axis=1)
    found.setflags(write=False)
    return found


def unit_of(mesh: Mesh, coordinate: Coordinate) -> str:
    """Return the unit of a coordinate: mm, or cells without a size; rad or none in a window.

    >>> unit_of(CylinderMesh(2, 1, 3, 2.325, 3.4), "eta")
    'mm'
    """
    if isinstance(mesh, WindowMesh):
        return "rad" if coordinate == "phi" else ""
    return axis_edges(mesh, "r")[1]


def positions(mesh: Mesh, coordinate: Coordinate) -> Float64:
    """Return the coordinate of every cell about the particle's axis, (cells,)."""
    index = mesh.indices()
    if isinstance(mesh, CylinderMesh):
        radius = np.asarray((index["r"] + 0.5) * (mesh.dr_mm or 1.0), dtype=np.float64)
        phi = mesh.phi_origin_rad + (index["phi"] + 0.5) * 2 * np.pi / mesh.n_phi
    else:
        centres = mesh.centres()
        radius, phi = centres["r_mm"], centres["phi_rad"]
    if coordinate == "r":
        return radius
    return np.asarray(radius * (np.cos(phi) if coordinate == "eta" else np.sin(phi)))


def _window_sums(
    energies: Array, mesh: WindowMesh, z: int, coordinate: Coordinate
) -> tuple[Float64, Float64, Float64]:
    """Return ΣE, Σ x E, Σ x² E of one layer, x from the middle of its window."""
    layer = mesh.layers[z]
    count, size = (layer.n_eta, layer.d_eta) if coordinate == "eta" else (layer.n_phi, layer.d_phi)
    across = 2 if coordinate == "eta" else 1
    line = layer_cells(energies, mesh, z).sum(axis=across, dtype=np.float64)
    at = (np.arange(count) + 0.5 - count / 2) * size
    first = line * at
    return line.sum(axis=1), first.sum(axis=1), (first * at).sum(axis=1)


def extended(mesh: Mesh, coordinate: Coordinate) -> Array:
    """Say for each layer whether it has more than one cell along the coordinate."""
    if isinstance(mesh, WindowMesh):
        name = "n_eta" if coordinate == "eta" else "n_phi"
        return np.array([getattr(layer, name) > 1 for layer in mesh.layers])
    if coordinate == "r":  # the centre of the only ring is a radius still
        return np.ones(mesh.n_layers, dtype=bool)
    if isinstance(mesh, LayeredMesh):
        return np.array([layer.n_phi > 1 for layer in mesh.layers])
    return np.full(mesh.n_layers, isinstance(mesh, CylinderMesh) and mesh.n_phi > 1)
