"""Azimuthal cosine moment: ΣE cos φ/ΣE, with φ the azimuth of the cell's centre about the axis.

Zero on average where nothing singles out a direction. Of showers that enter the detector at an angle it
may differ from zero, where azimuth counts from the plane of incidence; but most energy lies where the
mesh is in the detector all around, and ``hit_cosine`` tells more.

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
    """Return the mean cosine of the azimuth, (n,)."""
    return first_harmonic(project(energies, mesh, "phi"), mesh)[0]


observables.register("phi_cosine")(
    Observable(
        "ΣE cos φ / ΣE",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_azimuth,
    )
)
