"""R(φ): energy in 3 x 3 (η x φ) middle cells around the hottest, over that in 3 x 7.

See :mod:`caloexport.validation.middle_window` for the window and its source. NaN without energy there.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.middle_window import window_ratio
from caloexport.validation.observables import Observable, observables
from caloexport.validation.window_layers import is_window


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the ratio, (n,)."""
    return window_ratio(energies, mesh, (3, 3), (3, 7))


observables.register("r_phi")(
    Observable(
        "R(φ): energy in 3 x 3 over 3 x 7 cells",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=is_window,
    )
)
