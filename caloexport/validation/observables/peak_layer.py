"""Peak layer: number, from 0, of the layer with the most energy; the first of equals.

A shower without energy has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the number of the layer, (n,)."""
    layers = project(energies, mesh, "z")
    return np.where(layers.any(axis=1), layers.argmax(axis=1), np.nan)


observables.register("peak_layer")(
    Observable(
        "layer with the most energy",
        "",
        "shower",
        compute,
        lambda values, mesh: np.linspace(-0.5, mesh.n_layers - 0.5, mesh.n_layers + 1),
    )
)
