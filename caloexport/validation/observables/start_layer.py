"""Start layer: number, from 0, of the first layer with a tenth of the energy of the peak layer.

Where a shower has grown to a tenth of its maximum, which is behind the first interaction and deeper for
photons, which have to convert first, and at high energy, where the maximum lies deeper. Layers count by
number, whatever their thickness: a thin layer holds less than a thick one at the same depth. A shower without
energy has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import project

#: of the energy of the peak layer
SHARE = 0.1


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the number of the layer, (n,)."""
    layers = project(energies, mesh, "z")
    begun = (layers > 0) & (layers >= SHARE * layers.max(axis=1, keepdims=True))
    return np.where(begun.any(axis=1), begun.argmax(axis=1), np.nan)


observables.register("start_layer")(
    Observable(
        "first layer with 10 % of the peak",
        "",
        "shower",
        compute,
        lambda values, mesh: np.linspace(-0.5, mesh.n_layers - 0.5, mesh.n_layers + 1),
    )
)
