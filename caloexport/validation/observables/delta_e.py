"""ΔE: energy of the second hottest local maximum, less that of the least strip between both maxima.

0 without a second maximum, NaN without energy in the strips.

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
    """Return the difference, (n,) MeV."""
    strips = strip_array(energies, mesh, conditions)
    low = np.minimum(strips.hottest, strips.second)[:, None]
    high = np.maximum(strips.hottest, strips.second)[:, None]
    number = np.arange(strips.energies.shape[1])
    between = (number > low) & (number < high)
    least = np.where(between, strips.energies, np.inf).min(axis=1)
    found = np.where(strips.second < 0, 0.0, strips.second_energy - least)
    return np.where(strips.total > 0, found, np.nan)


observables.register("delta_e")(
    Observable(
        "ΔE: second strip maximum - the least strip between",
        "MeV",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_strips,
        needs=NEEDS,
    )
)
