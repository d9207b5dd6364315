"""Width in φ of each layer, about its own centre (width_phi of the CaloChallenge).

φ is r sin α in mm, in windows of detector cells φ itself; see
:mod:`caloexport.validation.layer_moments`.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.layer_moments import layer_moments, unit_of
from caloexport.validation.observables import Observable, observables


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the width in φ of each layer, (n, layers)."""
    return layer_moments(energies, mesh, "phi")[1]


observables.register("phi_width")(
    Observable(
        "width in φ of the layer",
        lambda mesh: unit_of(mesh, "phi"),
        "layers",
        compute,
        lambda values, mesh: linear_edges(values, 100),
    )
)
