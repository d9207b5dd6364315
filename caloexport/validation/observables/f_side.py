"""f(side): energy within 3 strips of the hottest over that within 1, less 1.

Only where the hottest strip has more than 60 MeV, else NaN. That is the energy as it is in the data:
of active energies without sampling fraction, showers below some GeV are left out.

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

#: of the hottest strip, as coded in Athena
THRESHOLD_MEV = 60.0


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the fraction, (n,)."""
    strips = strip_array(energies, mesh, conditions)
    distance = abs(strips.from_hottest)
    core, side = ((strips.energies * (distance <= reach)).sum(axis=1) for reach in (1, 3))
    told = strips.first > THRESHOLD_MEV
    return np.divide(side, core, where=told, out=np.full_like(core, np.nan)) - 1


observables.register("f_side")(
    Observable(
        "f(side): energy in 7 over 3 strips, less 1",
        "",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_strips,
        needs=NEEDS,
    )
)
