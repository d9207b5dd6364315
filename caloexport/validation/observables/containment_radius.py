"""Containment radius R90: the distance from the axis inside which 90 % of a shower's energy lies.

Of the energy in the mesh, linear between the edges of the radial bins. A shower without energy has none:
NaN. The radius of all showers together is ``caloexport.validation.statistics.radius``.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import axis_edges, has_radius, project
from caloexport.validation.statistics.radius import radii_of_share


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the radius (n,), in mm or cells."""
    return radii_of_share(axis_edges(mesh, "r")[0], project(energies, mesh, "r"))


observables.register("containment_radius")(
    Observable(
        "radius of 90 % of the energy",
        lambda mesh: axis_edges(mesh, "r")[1],
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_radius,
    )
)
