"""Mean η of each layer less the η of the impact point.

Cells are as wide as showers, so the mean follows the impact point in steps: over its place in the cell
the offset has the shape of an S. Both count from the centre of the impact cell; where the window of a
layer lies follows from the alignment (``econfig``). NaN for an empty layer, and for one of a single
cell in η.

Source: the S-shapes of ATLAS' clusters, ATL-SOFT-PUB-2018-001; places of cells as in
:mod:`caloexport.runtime.window_mesh`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.layer_moments import layer_moments
from caloexport.validation.observables import Observable, observables
from caloexport.validation.window_layers import is_window


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the offset of each layer, (n, layers)."""
    assert is_window(mesh)
    kinds, which = np.unique(np.asarray(conditions["econfig"]), return_inverse=True)
    edges = np.array([mesh.lower_edges(0, int(kind))[:, 0] for kind in kinds])
    middles = edges + [layer.n_eta * layer.d_eta / 2 for layer in mesh.layers]
    impact = np.asarray(conditions["ripos_eta"], dtype=np.float64)
    return layer_moments(energies, mesh, "eta")[0] + middles[which] - impact[:, None]


observables.register("eta_offset")(
    Observable(
        "mean η in the layer - η of the impact",
        "",
        "layers",
        compute,
        lambda values, mesh: linear_edges(values, 100),
        applies=is_window,
        needs=("ripos_eta", "econfig"),
    )
)
