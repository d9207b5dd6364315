"""First and second moments of the profiles, as Par04 defines them.

Positions are the **lower** edges of the bins, index times size, as in the Geant4 example; where all bins
are as wide, a first moment taken at their middles is larger by half of one. The unit is mm where the mesh
tells the size of its cells, else the number of cells or layers; layers of rings and of detector cells
count as one each, whatever their thickness. A shower without energy has no moment: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, everywhere, observables
from caloexport.validation.profile_moments import profile_moments
from caloexport.validation.projections import axis_edges, has_radius, project

BINS = 127


def moments(energies: Array, mesh: Mesh, axis: str) -> tuple[Float64, Float64]:
    """Return the mean (n,) and the variance (n,) of depth or radius, weighted with energy.

    Args:
        energies: (n, *mesh shape) MeV.
        mesh: the cells.
        axis: ``"z"`` or ``"r"``.

    Returns:
        mm and mm² where the sizes are known, else in cells or layers; NaN for an empty shower.
    """
    return profile_moments(project(energies, mesh, axis), axis_edges(mesh, axis)[0][:-1])


def _register(name: str, axis: str, which: int, title: str) -> None:
    def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
        return moments(energies, mesh, axis)[which]

    def unit(mesh: Mesh) -> str:
        return axis_edges(mesh, axis)[1] + ("²" if which else "")

    observables.register(name)(
        Observable(
            title,
            unit,
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
