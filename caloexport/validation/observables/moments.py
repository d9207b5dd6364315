"""First and second moments of the profiles, as Par04 defines them.

Positions are the **lower** edges of the bins, index times size, as in the Geant4 example; a moment
taken at bin centres is larger by half a cell. A shower without energy has no moment: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, everywhere, observables
from caloexport.validation.projections import axis_edges, has_radius, project

BINS = 127


def moments(energies: Array, mesh: Mesh, axis: str) -> tuple[Float64, Float64]:
    """Return the mean (n,) and the variance (n,) of depth or radius, weighted with energy.

    Args:
        energies: (n, *mesh shape) MeV.
        mesh: the cells.
        axis: ``"z"`` or ``"r"``.

    Returns:
        mm and mm² where the cell sizes are known, else in cells; NaN for an empty shower.
    """
    profile = project(energies, mesh, axis)
    position = axis_edges(mesh, axis)[0][:-1]
    total = profile.sum(axis=1)
    weight = np.divide(profile, total[:, None], where=total[:, None] > 0, out=profile * np.nan)
    first = (weight * position).sum(axis=1)  # not a matrix product: that depends on the block
    second = ((position - first[:, None]) ** 2 * weight).sum(axis=1)
    return first, second


def _register(name: str, axis: str, which: int, title: str) -> None:
    def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
        return moments(energies, mesh, axis)[which]

    observables.register(name)(
        Observable(
            title,
            "mm" if which == 0 else "mm²",
            "shower",
            compute,
            lambda values, mesh: linear_edges(values, BINS),
            applies=everywhere if axis == "z" else has_radius,
        )
    )


_register("longitudinal_first_moment", "z", 0, "mean depth")
_register("longitudinal_second_moment", "z", 1, "variance of the depth")
_register("lateral_first_moment", "r", 0, "mean distance from the axis")
_register("lateral_second_moment", "r", 1, "variance of the distance from the axis")
