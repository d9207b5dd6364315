"""w(stot): √(ΣE (i - hottest)²/ΣE) over the strips of 2.5 middle cells around the hottest of these.

In strips (20 of the ATLAS barrel); NaN without energy there.

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
    """Return the width, (n,) in strips."""
    strips = strip_array(energies, mesh, conditions)
    count = strips.energies.shape[1]
    middle = np.arange(count) + 0.5 - count / 2
    return strips.width(abs(middle) <= 1.25 * strips.per_middle_cell)


observables.register("w_stot")(
    Observable(
        "w(stot): width of all strips / strips",
        "strips",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_strips,
        needs=NEEDS,
    )
)
