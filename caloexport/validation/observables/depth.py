"""Depth: the energy-weighted mean depth, Σ E_i d_i / ΣE.

d_i is the middle of layer i in mm where all layers have one known thickness; else the number of the
layer, counted from 0 (binning files and windows of detector cells give no depth). The first moment of
Par04 takes the front of a layer instead. A shower without energy has no depth: NaN.

Source: the shower depth of ATL-SOFT-PUB-2018-001 and arXiv:2210.06204.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.binning import linear_edges
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import axis_edges, project


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the mean depth (n,), in mm or layers."""
    layers = project(energies, mesh, "z")
    edges, unit = axis_edges(mesh, "z")
    depths = (edges[:-1] + edges[1:]) / 2 if unit == "mm" else edges[:-1]
    total = layers.sum(axis=1)
    moment = (layers * depths).sum(axis=1)
    return np.divide(moment, total, where=total > 0, out=np.full_like(total, np.nan))


observables.register("depth")(
    Observable(
        "energy-weighted depth",
        lambda mesh: axis_edges(mesh, "z")[1],
        "shower",
        compute,
        lambda values, mesh: linear_edges(values, 50),
    )
)
