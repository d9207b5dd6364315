"""Total energy: the sum over all cells (Par04; E_tot of the CaloChallenge)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the total energy, MeV."""
    return energies.reshape(len(energies), -1).sum(axis=1, dtype=np.float64)


observables.register("total_energy")(
    Observable(
        "total energy", "MeV", "shower", compute, lambda values, mesh: linear_edges(values, 49)
    )
)
