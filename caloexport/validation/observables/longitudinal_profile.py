"""Longitudinal profile: energy by depth, summed over showers (Par04)."""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import axis_edges, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the energy by depth, (n, layers) MeV."""
    return project(energies, mesh, "z")


observables.register("longitudinal_profile")(
    Observable("depth", "MeV", "profile", compute, lambda values, mesh: axis_edges(mesh, "z")[0])
)
