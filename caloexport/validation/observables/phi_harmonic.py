"""Azimuthal moments ΣE cos φ/ΣE and ΣE sin φ/ΣE, with φ the azimuth of the cell's centre about the axis.

Zero on average where nothing singles out a direction. Of showers that enter the detector at an angle the
cosine may differ from zero, where azimuth counts from the plane of incidence; but most energy lies where
the mesh is in the detector all around, and ``hit_cosine`` tells more. The sine vanishes: a particle and
its mirror image in the plane of incidence are alike. A sample that has one is turned, or counts its
azimuth from elsewhere.

A shower without energy in layers that are cut in azimuth has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.azimuth import first_harmonic
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Compute, Observable, observables
from caloexport.validation.projections import has_azimuth, project


def cosine(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the mean cosine of the azimuth, (n,)."""
    return first_harmonic(project(energies, mesh, "phi"), mesh)[0]


def sine(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the mean sine of the azimuth, (n,)."""
    return first_harmonic(project(energies, mesh, "phi"), mesh)[1]


def _moment(title: str, compute: Compute) -> Observable:
    edges = lambda values, mesh: linear_edges(values, 50)
    return Observable(title, "", "shower", compute, edges, applies=has_azimuth)


observables.register("phi_cosine")(_moment("ΣE cos φ / ΣE", cosine))
observables.register("phi_sine")(_moment("ΣE sin φ / ΣE", sine))
