"""E(ratio): (E1 - E2)/(E1 + E2) of the hottest strip and the second hottest local maximum.

A local maximum is hotter than both its neighbours. Without a second one E2 is 0 and the ratio 1.
Without energy in the strips it is NaN.

Source: see :mod:`caloexport.validation.strip_array`, which says which strips they are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.strip_array import NEEDS, strip_array
from caloexport.validation.window_layers import has_strips


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the ratio, (n,)."""
    strips = strip_array(energies, mesh, conditions)
    first, second = strips.first, strips.second_energy
    both = first + second
    return np.divide(first - second, both, where=both > 0, out=np.full_like(both, np.nan))


observables.register("e_ratio")(
    Observable(
        "E(ratio): (first - second)/(first + second) strip maximum",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_strips,
        needs=NEEDS,
    )
)
