"""Sparsity: the share of cells without energy in each layer (CaloChallenge).

Source: code/HighLevelFeatures.py: 1 - (fraction of the cells of a layer with E > 0); an empty layer
has 1.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the sparsity of each layer, (n, layers)."""
    cells = np.bincount(mesh.indices()["z"], minlength=mesh.n_layers)
    return 1 - project(energies > 0, mesh, "z") / cells


observables.register("sparsity")(
    Observable(
        "share of empty cells in the layer",
        "",
        "layers",
        compute,
        lambda values, mesh: np.linspace(0.0, 1.0, 21),
    )
)
