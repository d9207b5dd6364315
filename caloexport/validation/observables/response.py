"""Response: total energy over incident energy (CaloChallenge, E_tot/E_inc)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return total over incident energy."""
    totals = energies.reshape(len(energies), -1).sum(axis=1, dtype=np.float64)
    return totals / np.asarray(conditions["energy_mev"], dtype=np.float64)


observables.register("response")(
    Observable(
        "total energy / incident energy",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        needs=("energy_mev",),
    )
)
