"""w(η2): width in η of 3 x 5 (η x φ) middle cells around the hottest, √(ΣE η²/ΣE - (ΣE η/ΣE)²).

Without the correction for the position inside the cell that ATLAS subtracts: it is a table by |η|, and
a window does not tell where in the detector it is. NaN without energy there.

Source: see :mod:`caloexport.validation.middle_window`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.middle_window import middle_window
from caloexport.validation.observables import Observable, observables
from caloexport.validation.window_layers import is_window


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the width in η, (n,)."""
    assert is_window(mesh)
    layer = mesh.layers[mesh.reference]
    line = middle_window(energies, mesh, 3, 5).sum(axis=2)
    eta = (np.arange(layer.n_eta) + 0.5 - layer.n_eta / 2) * layer.d_eta
    total = line.sum(axis=1)
    mean, square = (
        np.divide(
            (line * weight).sum(axis=1), total, where=total > 0, out=np.full_like(total, np.nan)
        )
        for weight in (eta, eta**2)
    )
    return np.sqrt(np.maximum(square - mean**2, 0.0))


observables.register("w_eta2")(
    Observable(
        "w(η2): width of 3 x 5 middle cells",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=is_window,
    )
)
