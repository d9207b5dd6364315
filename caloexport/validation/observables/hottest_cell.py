"""Hottest cell: its share of the shower's energy, max E_i/ΣE.

Networks that blur cells lose the core of the shower here first. A shower without energy has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the share, (n,)."""
    flat = energies.reshape(len(energies), -1)
    total = flat.sum(axis=1, dtype=np.float64)
    return np.divide(flat.max(axis=1), total, where=total > 0, out=np.full_like(total, np.nan))


observables.register("hottest_cell")(
    Observable(
        "energy of the hottest cell / total energy",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
    )
)
