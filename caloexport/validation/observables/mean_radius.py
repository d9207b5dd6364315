"""Mean distance from the axis: ΣE r/ΣE, with r in the middle of a cell's radial bin.

Par04's moment (``lateral_first_moment``) takes the inner edge of the bin instead. On a cylinder, whose
cells are all as wide, that is less by half a cell, and the second moment, about the mean, is the same. Bins
of a layered mesh lie between all edges that any of its layers has, of different widths: there neither holds.
The twin of this number along the axis is ``depth``. A shower without energy has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import axis_edges, has_radius, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the mean radius (n,), in mm or cells."""
    profile = project(energies, mesh, "r")
    edges = axis_edges(mesh, "r")[0]
    total = profile.sum(axis=1)
    moment = (profile * (edges[:-1] + edges[1:]) / 2).sum(axis=1)
    return np.divide(moment, total, where=total > 0, out=np.full_like(total, np.nan))


observables.register("mean_radius")(
    Observable(
        "energy-weighted distance from the axis",
        lambda mesh: axis_edges(mesh, "r")[1],
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
        applies=has_radius,
    )
)
