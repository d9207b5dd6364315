"""Azimuthal sine moment: ΣE sin φ/ΣE, with φ the azimuth of the cell's centre about the axis.

It vanishes on average: a particle and its mirror image in the plane of incidence are alike. A sample
that has one is turned, or counts its azimuth from elsewhere.

A shower without energy in layers that are cut in azimuth has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.azimuth import first_harmonic
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import has_azimuth, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the mean sine of the azimuth, (n,)."""
    return first_harmonic(project(energies, mesh, "phi"), mesh)[1]


observables.register("phi_sine")(
    Observable(
        "ΣE sin φ / ΣE",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_azimuth,
    )
)
