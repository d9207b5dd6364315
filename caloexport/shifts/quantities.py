"""The numbers of a shower whose mean and width are compared, as sums that can be resampled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.validation.observables import observables
from caloexport.validation.observables.occupancy import THRESHOLD_MEV

#: observables that need no more than the sums over the azimuth
PROJECTED = (
    "total_energy",
    "layer_energy",
    "longitudinal_first_moment",
    "longitudinal_second_moment",
    "lateral_first_moment",
    "lateral_second_moment",
    "lateral_profile",
)
#: whose numbers are energies: one that is no part of the shower to speak of has no width of note
ENERGIES = ("total_energy", "layer_energy", "lateral_profile")


@dataclass(frozen=True)
class Quantity:
    """One number per shower, or per hit cell of it.

    Attributes:
        observable: entry of ``validation.observables``.
        element: layer or radial bin; None where there is one number.
    """

    observable: str
    element: int | None = None

    def __str__(self) -> str:
        entry = observables[self.observable]
        if self.element is None:
            return entry.title
        if entry.kind == "profile":
            return f"energy by {entry.title}, bin {self.element}"
        return f"{entry.title} {self.element}"


@dataclass(frozen=True, eq=False)
class Sums:
    """What means and widths follow from, for each shower and quantity.

    Attributes:
        quantities: the columns.
        count: (n, columns) numbers that the shower adds: 1, 0 where it has none, or its hits.
        first: (n, columns) their sum.
        second: (n, columns) sum of their squares.
    """

    quantities: tuple[Quantity, ...]
    count: Float64
    first: Float64
    second: Float64


def sums_of(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Sums:
    """Measure a block of showers.

    Args:
        energies: (n, *mesh shape) MeV.
        mesh: the cells.
        conditions: (n,) each.
    """
    flat_mesh, flat = _without_azimuth(energies, mesh)
    quantities: list[Quantity] = []
    values: list[Float64] = []
    for name in (*PROJECTED, "occupancy"):
        if not observables[name].applies(mesh):
            continue
        around = (energies, mesh) if name == "occupancy" else (flat, flat_mesh)
        found = observables[name].compute(*around, conditions)
        elements: list[int | None] = [None] if found.ndim == 1 else list(range(found.shape[1]))
        quantities += [Quantity(name, element) for element in elements]
        values.append(found.reshape(len(energies), -1))
    table = np.concatenate(values, axis=1)
    known = np.isfinite(table)  # a shower without energy has no depth
    table = np.where(known, table, 0.0)
    spectrum = _spectrum(energies)
    return Sums(
        (*quantities, Quantity("cell_spectrum")),
        np.column_stack([known, spectrum[0]]).astype(np.float64),
        np.column_stack([table, spectrum[1]]),
        np.column_stack([table**2, spectrum[2]]),
    )


def joined(blocks: list[Sums]) -> Sums:
    """Return the sums of all showers of some blocks."""
    count, first, second = (
        np.concatenate([getattr(block, name) for block in blocks])
        for name in ("count", "first", "second")
    )
    return Sums(blocks[0].quantities, count, first, second)


def _without_azimuth(energies: Array, mesh: Mesh) -> tuple[Mesh, Array]:
    """Return the same showers with one azimuth cell: fifty times less to sum again and again."""
    if not isinstance(mesh, CylinderMesh):
        return mesh, energies
    axis = 1 + mesh.order.index("phi")
    return replace(mesh, n_phi=1), energies.sum(axis=axis, dtype=np.float64, keepdims=True)


def _spectrum(energies: Array) -> tuple[Float64, Float64, Float64]:
    """Return number, sum and sum of squares of log10(E/MeV) over the hits of each shower."""
    cells = energies.reshape(len(energies), -1)
    count = np.count_nonzero(cells > THRESHOLD_MEV, axis=1).astype(np.float64)
    # log(E/cut), which is 0 for what is not above the cut: nothing needs to be picked out
    logarithms = np.maximum(cells, np.float32(THRESHOLD_MEV))
    logarithms /= np.float32(THRESHOLD_MEV)
    np.log(logarithms, out=logarithms)
    first = logarithms.sum(axis=1, dtype=np.float64) / np.log(10)
    np.square(logarithms, out=logarithms)
    second = logarithms.sum(axis=1, dtype=np.float64) / np.log(10) ** 2
    cut = float(np.log10(THRESHOLD_MEV))
    return count, first + cut * count, second + 2 * cut * first + cut**2 * count
