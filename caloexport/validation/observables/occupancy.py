"""Occupancy: the number of cells above the readout cut of Par04."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables

#: readout cut of the Par04 example, MeV
THRESHOLD_MEV = 0.0005


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the number of cells above 0.5 keV."""
    hits = np.count_nonzero(energies.reshape(len(energies), -1) > THRESHOLD_MEV, axis=1)
    return hits.astype(np.float64)


observables.register("occupancy")(
    Observable(
        "cells above 0.5 keV", "", "shower", compute, lambda values, mesh: linear_edges(values, 40)
    )
)
