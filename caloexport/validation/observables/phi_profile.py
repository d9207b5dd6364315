"""Azimuthal profile: energy by the azimuth of the cell about the axis, summed over showers.

Azimuth counts from where the mesh says (``phi_origin_rad``), so that cells of one number lie at one
angle in both samples. Layers that are not cut in azimuth are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import axis_edges, has_azimuth, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the energy by azimuth, (n, azimuth cells) MeV."""
    return project(energies, mesh, "phi")


observables.register("phi_profile")(
    Observable(
        "azimuth",
        "MeV",
        "profile",
        compute,
        lambda values, mesh: axis_edges(mesh, "phi")[0],
        applies=has_azimuth,
    )
)
