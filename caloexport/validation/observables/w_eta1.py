"""w(η1), also w(s3): √(ΣE (i - hottest)²/ΣE) over the hottest strip and its two neighbours.

In strips, without the correction for the position inside the cell; NaN without energy there.

Source: see :mod:`caloexport.validation.strip_array`, which says which strips they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.strip_array import NEEDS, strip_array
from caloexport.validation.window_layers import has_strips


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the width, (n,) in strips."""
    strips = strip_array(energies, mesh, conditions)
    return strips.width(abs(strips.from_hottest) <= 1)


observables.register("w_eta1")(
    Observable(
        "w(η1): width of three strips / strips",
        "strips",
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_strips,
        needs=NEEDS,
    )
)
