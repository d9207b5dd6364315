"""Meshes: the cells of a shower, with their sizes, storage order and azimuth origin.

Several orders are in use for the same cells (slowest axis first), and mixing them up gives showers
that look almost right:

    Par04, HDF5 of Zenodo 6082201      r, phi, z
    CaloChallenge                      z (or layer), phi, r
    FastCaloSim GANV2                  layer, r, phi
    windows of detector cells          layer, eta, phi (``window_mesh.py``)

so the order is part of the mesh and is converted explicitly.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, Self

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.fields import (
    blame_file,
    listing,
    number,
    numbers,
    text,
    texts,
    whole,
)
from caloexport.runtime.window_mesh import window_from_json

#: a guard against damaged files: four hundred times the largest mesh in use
MAX_CELLS = 2**24


class Mesh(Protocol):
    """What every mesh offers; cells are numbered in its own storage order.

    Attributes:
        order: names of the axes, slowest first.
    """

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the axes, slowest first."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one shower."""

    @property
    def phi_origin_rad(self) -> float:
        """Lower edge of the first azimuth cell."""

    @property
    def n_layers(self) -> int:
        """Number of longitudinal layers."""

    def indices(self) -> dict[str, Integers]:
        """Return for every cell its index on each axis: ``z``, ``phi``, and ``r`` or ``eta``."""

    def centres(self) -> dict[str, Float64]:
        """Return for every cell its centre: ``r_mm``, ``phi_rad`` and ``z_mm``.

        Raises:
            UsageError, UnsupportedError: the mesh does not tell.
        """

    def in_order(self, order: tuple[str, ...]) -> Self:
        """Return the same cells in another storage order."""

    def to_json(self) -> dict[str, Any]:
        """Return the mesh as JSON."""

    def __hash__(self) -> int:
        """Return what is alike for equal meshes, of which none ever changes."""


@dataclass(frozen=True)
class CylinderMesh:
    """A regular cylinder around the particle's direction, from the calorimeter's front face.

    Attributes:
        n_r, n_phi, n_z: number of cells.
        dr_mm, dz_mm: cell sizes; None when the file that it came from does not tell.
        order: storage order of the axes, slowest first.
        phi_origin_rad: lower edge of the first azimuth cell.

    >>> mesh = CylinderMesh(18, 50, 45, 2.325, 3.4)
    >>> mesh.shape, mesh.in_order(("z", "phi", "r")).shape
    ((18, 50, 45), (45, 50, 18))
    """

    n_r: int
    n_phi: int
    n_z: int
    dr_mm: float | None = None
    dz_mm: float | None = None
    order: tuple[str, ...] = ("r", "phi", "z")
    phi_origin_rad: float = -math.pi

    def __post_init__(self) -> None:
        if sorted(self.order) != ["phi", "r", "z"]:
            message = f"a cylinder has the axes r, phi and z, not {self.order}"
            raise UsageError(message)
        sizes = (self.n_r, self.n_phi, self.n_z)
        lengths = [length for length in (self.dr_mm, self.dz_mm) if length is not None]
        n = math.prod(sizes)
        if min(sizes) > 0 and n > MAX_CELLS:
            told = f"{n:,}" if n < 10**18 else "more than 10^18"  # a file may say 10^4000
            message = f"a cylinder of {told} cells, at most {MAX_CELLS:,} are allowed"
            raise UsageError(message)
        if min(sizes) < 1 or min(lengths, default=1) <= 0:
            message = (
                f"a cylinder of {self.n_r} x {self.n_phi} x {self.n_z} cells "
                f"of {self.dr_mm} x {self.dz_mm} mm makes no sense"
            )
            raise UsageError(message, hint="one cell at least, sizes above zero")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one shower, in storage order."""
        sizes = {"r": self.n_r, "phi": self.n_phi, "z": self.n_z}
        return tuple(sizes[axis] for axis in self.order)

    @property
    def n_layers(self) -> int:
        """Number of cells along z."""
        return self.n_z

    def indices(self) -> dict[str, Integers]:
        """Return for every cell its index on each axis, in storage order."""
        grid = np.indices(self.shape)
        return {axis: grid[i].ravel() for i, axis in enumerate(self.order)}

    def centres(self) -> dict[str, Float64]:
        """Return for every cell its centre in mm and rad.

        Raises:
            UsageError: the cell sizes are not known.
        """
        if self.dr_mm is None or self.dz_mm is None:
            message = "the cell sizes of this mesh are not known"
            raise UsageError(message, hint="give them when reading the showers")
        index = self.indices()
        return {
            "r_mm": np.asarray((index["r"] + 0.5) * self.dr_mm, dtype=np.float64),
            "phi_rad": self.phi_origin_rad + (index["phi"] + 0.5) * 2 * math.pi / self.n_phi,
            "z_mm": np.asarray((index["z"] + 0.5) * self.dz_mm, dtype=np.float64),
        }

    def in_order(self, order: tuple[str, ...]) -> CylinderMesh:
        """Return the same cells in another storage order."""
        return replace(self, order=tuple(order))

    def to_json(self) -> dict[str, Any]:
        """Return the mesh as JSON."""
        return {
            "kind": "cylinder",
            "n_r": self.n_r,
            "n_phi": self.n_phi,
            "n_z": self.n_z,
            "dr_mm": self.dr_mm,
            "dz_mm": self.dz_mm,
            "order": list(self.order),
            "phi_origin_rad": self.phi_origin_rad,
        }


@dataclass(frozen=True)
class MeshLayer:
    """One layer of a layered mesh: its number in the detector and its cells.

    Attributes:
        id: the detector's own layer number (ATLAS sampling, for example).
        r_edges_mm: radial edges, one more than cells.
        n_phi: number of equal azimuth cells.
    """

    id: int
    r_edges_mm: tuple[float, ...]
    n_phi: int

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in itertools.pairwise(self.r_edges_mm))
        if len(self.r_edges_mm) < 2 or self.n_phi < 1 or not rising or self.r_edges_mm[0] < 0:
            message = f"layer {self.id} needs two rising radial edges and one azimuth cell at least"
            raise UsageError(message)

    @property
    def n_r(self) -> int:
        """Number of radial cells."""
        return len(self.r_edges_mm) - 1


@dataclass(frozen=True)
class LayeredMesh:
    """Layers with cells of their own, stored flat, as in the CaloChallenge binning files.

    Attributes:
        layers: in order of depth.
        order: ``("z", "phi", "r")`` (CaloChallenge) or ``("z", "r", "phi")`` (FastCaloSim).
        phi_origin_rad: lower edge of the first azimuth cell.

    >>> mesh = LayeredMesh((MeshLayer(0, (0.0, 5.0), 1), MeshLayer(12, (0.0, 1.0, 9.0), 3)))
    >>> mesh.shape, mesh.n_layers
    ((7,), 2)
    """

    layers: tuple[MeshLayer, ...]
    order: tuple[str, ...] = ("z", "phi", "r")
    phi_origin_rad: float = -math.pi

    def __post_init__(self) -> None:
        if self.order not in (("z", "phi", "r"), ("z", "r", "phi")):
            message = f"a layered mesh has layers outermost, not the order {self.order}"
            raise UsageError(message)
        if not self.layers or self.shape[0] > MAX_CELLS:
            message = f"a layered mesh of {len(self.layers)} layers and {self.shape[0]} cells"
            raise UsageError(message, hint=f"one layer at least, at most {MAX_CELLS} cells")

    @cached_property
    def _cells(self) -> dict[str, Integers]:
        parts = []
        slow, fast = self.order[1:]
        for z, layer in enumerate(self.layers):
            sizes = {"phi": layer.n_phi, "r": layer.n_r}
            i, j = np.indices((sizes[slow], sizes[fast]))
            parts.append({"z": np.full(i.size, z), slow: i.ravel(), fast: j.ravel()})
        return {axis: np.concatenate([part[axis] for part in parts]) for axis in self.order}

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one shower: flat."""
        return (sum(layer.n_r * layer.n_phi for layer in self.layers),)

    @property
    def n_layers(self) -> int:
        """Number of layers."""
        return len(self.layers)

    def indices(self) -> dict[str, Integers]:
        """Return for every cell its layer (counted from 0), azimuth and radius index."""
        return dict(self._cells)

    def centres(self) -> dict[str, Float64]:
        """Return ``r_mm`` and ``phi_rad`` of every cell's centre; binning files give no depth."""
        index = self._cells
        n_phi = np.array([layer.n_phi for layer in self.layers])[index["z"]]
        low, high = np.empty(self.shape), np.empty(self.shape)
        for z, layer in enumerate(self.layers):
            here = index["z"] == z
            edges = np.array(layer.r_edges_mm)
            low[here], high[here] = edges[index["r"][here]], edges[index["r"][here] + 1]
        return {
            "r_mm": (low + high) / 2,
            "phi_rad": self.phi_origin_rad + (index["phi"] + 0.5) * 2 * math.pi / n_phi,
        }

    def in_order(self, order: tuple[str, ...]) -> LayeredMesh:
        """Return the same cells in another storage order."""
        return replace(self, order=tuple(order))

    def to_json(self) -> dict[str, Any]:
        """Return the mesh as JSON."""
        return {
            "kind": "layered",
            "layers": [
                {"id": one.id, "r_edges_mm": list(one.r_edges_mm), "n_phi": one.n_phi}
                for one in self.layers
            ],
            "order": list(self.order),
            "phi_origin_rad": self.phi_origin_rad,
        }


def n_cells(mesh: Mesh) -> int:
    """Count the cells of a mesh."""
    return math.prod(mesh.shape)


def permutation(source: Mesh, order: tuple[str, ...]) -> Integers:
    """Return p such that ``flat_in_order = flat_in_source[..., p]``.

    >>> import numpy as np
    >>> mesh = CylinderMesh(2, 1, 3)
    >>> permutation(mesh, ("z", "phi", "r"))
    array([0, 3, 1, 4, 2, 5])
    """
    index = source.indices()
    keys = tuple(index[axis] for axis in reversed(order))  # lexsort takes the fastest key first
    return np.lexsort(keys)


def cell_name(mesh: Mesh, flat: int) -> str:
    """Name a cell for a message.

    >>> cell_name(CylinderMesh(18, 50, 45), 5274)
    '(r=2, phi=17, z=9)'
    """
    index = mesh.indices()
    axes = [axis for axis in ("r", "eta", "phi", "z") if axis in index]
    return "(" + ", ".join(f"{axis}={index[axis][flat]}" for axis in axes) + ")"


def mesh_from_json(data: dict[str, Any], where: str) -> Mesh:
    """Read a mesh from its JSON form.

    Raises:
        InputFileError: a field is missing, has the wrong type or makes no sense.
    """
    kind = text(data, "kind", where)
    if kind not in ("cylinder", "layered", "window"):
        message = f"unknown mesh kind '{kind}', expected cylinder, layered or window"
        raise InputFileError(message, where=where)
    if kind == "window":
        with blame_file(where):
            return window_from_json(data, where)
    order = tuple(texts(data, "order", where))
    origin = number(data, "phi_origin_rad", where)
    with blame_file(where):
        if kind == "layered":
            return LayeredMesh(_layers_from_json(data, where), order, origin)
        n_r, n_phi, n_z = (whole(data, key, where) for key in ("n_r", "n_phi", "n_z"))
        dr_mm, dz_mm = (
            None if data.get(key) is None else number(data, key, where)
            for key in ("dr_mm", "dz_mm")
        )
        return CylinderMesh(n_r, n_phi, n_z, dr_mm, dz_mm, order, origin)


def _layers_from_json(data: dict[str, Any], where: str) -> tuple[MeshLayer, ...]:
    return tuple(
        MeshLayer(
            whole(one, "id", where),
            tuple(numbers(one, "r_edges_mm", where)),
            whole(one, "n_phi", where),
        )
        for one in listing(data, "layers", where)
    )
