"""Occupancy: the number of cells above the readout cut, of Par04 where none is named."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables

#: readout cut of the Par04 example, MeV
THRESHOLD_MEV = 0.0005


def compute(
    energies: Array,
    mesh: Mesh,
    conditions: Mapping[str, Array],
    threshold_mev: float = THRESHOLD_MEV,
) -> Float64:
    """Return the number of cells above the cut, (n,)."""
    hits = np.count_nonzero(energies.reshape(len(energies), -1) > threshold_mev, axis=1)
    return hits.astype(np.float64)


observables.register("occupancy")(
    Observable(
        "cells above the readout cut",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 40),
        hits=compute,
    )
)
