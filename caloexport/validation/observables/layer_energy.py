"""Energy in each layer (E_layer of the CaloChallenge); empty layers fall below the first bin."""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import log_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the energy of each layer, (n, layers) MeV."""
    return project(energies, mesh, "z")


observables.register("layer_energy")(
    Observable(
        "energy in the layer", "MeV", "layers", compute, lambda values, mesh: log_edges(values, 39)
    )
)
