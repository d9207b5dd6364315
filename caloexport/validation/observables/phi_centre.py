"""Centre in φ of each layer, about the particle's axis (EC_phi of the CaloChallenge).

φ is r sin α in mm; see :mod:`caloexport.validation.layer_moments`. Windows of detector cells, whose
place about the particle changes from shower to shower, have ``phi_offset``.
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
    """Return the mean φ of each layer, (n, layers)."""
    return layer_moments(energies, mesh, "phi")[0]


observables.register("phi_centre")(
    Observable(
        "mean φ in the layer",
        lambda mesh: unit_of(mesh, "phi"),
        "layers",
        compute,
        lambda values, mesh: linear_edges(values, 100),
        applies=has_radius,
    )
)
