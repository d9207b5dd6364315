"""Layer fractions: f_i = E_i/E, the share of the total energy that each layer has.

Source: ATL-SOFT-PUB-2018-001 and arXiv:2210.06204 (f0 to f3 of the ATLAS barrel). A shower without
energy has none: NaN. An empty layer of another has 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the fraction of each layer, (n, layers)."""
    layers = project(energies, mesh, "z")
    total = layers.sum(axis=1, keepdims=True)
    return np.divide(layers, total, where=total > 0, out=np.full_like(layers, np.nan))


observables.register("layer_fraction")(
    Observable(
        "energy in the layer / total energy",
        "",
        "layers",
        compute,
        lambda values, mesh: linear_edges(values, 50, margin=0.0),
    )
)
