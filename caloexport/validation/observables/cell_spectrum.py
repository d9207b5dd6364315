"""Cell spectrum: log10 of the energy of each cell that was hit.

Empty cells are left out: at log10 E = 0 they would look like a line at 1 MeV.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return log10(E/MeV) of all cells above zero, (hits,)."""
    flat = energies.reshape(-1)
    # the places in one axis are found faster than a mask of several
    return np.log10(flat[np.flatnonzero(flat > 0)].astype(np.float64))


observables.register("cell_spectrum")(
    Observable(
        "log10(cell energy / MeV)",
        "",
        "cells",
        compute,
        lambda values, mesh: linear_edges(values, 100, margin=0.0),
    )
)
