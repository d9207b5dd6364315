"""Lateral profile: energy by distance from the axis, summed over showers (Par04)."""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import axis_edges, has_radius, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the energy by radius, (n, radial bins) MeV."""
    return project(energies, mesh, "r")


observables.register("lateral_profile")(
    Observable(
        "distance from the axis",
        "MeV",
        "profile",
        compute,
        lambda values, mesh: axis_edges(mesh, "r")[0],
        applies=has_radius,
    )
)
