"""Mean distance from the axis in each layer (EC_r of the CaloChallenge); see
:mod:`caloexport.validation.layer_moments`.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.layer_moments import layer_moments, unit_of
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import has_radius


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the mean radius of each layer, (n, layers)."""
    return layer_moments(energies, mesh, "r")[0]


observables.register("radial_centre")(
    Observable(
        "mean distance from the axis in the layer",
        lambda mesh: unit_of(mesh, "r"),
        "layers",
        compute,
        lambda values, mesh: linear_edges(values, 100),
        applies=has_radius,
    )
)
