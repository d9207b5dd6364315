"""Azimuthal asymmetry: |ΣE exp(iφ)|/ΣE, the length of the first harmonic of a shower.

0 for a shower that is round about its axis, 1 where all energy lies at one azimuth. Turning a shower
does not change it: it tells how lopsided single showers are, which their mean does not. A shower
without energy in layers that are cut in azimuth has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.azimuth import first_harmonic
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import has_azimuth, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the asymmetry, (n,)."""
    cosine, sine = first_harmonic(project(energies, mesh, "phi"), mesh)
    return np.asarray(np.hypot(cosine, sine))


observables.register("phi_asymmetry")(
    Observable(
        "|ΣE exp(iφ)| / ΣE",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_azimuth,
    )
)
