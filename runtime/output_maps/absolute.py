"""Absolute energy: E_cell = output · unit_mev. CaloDiT writes GeV (unit_mev = 1000)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.formula import Formula
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.output_maps import OutputMapKind, Scaling, output_maps, scaled_by


def factors(incident_mev: Float64, parameters: Mapping[str, Any]) -> Array:
    """Return the unit for every shower."""
    return np.full(incident_mev.shape, parameters["unit_mev"], dtype=np.float64)


def scaling(mesh: Mesh, parameters: Mapping[str, Any]) -> Scaling:
    """Return the map as numbers: one factor whatever the energy."""
    return Scaling(Formula(table=((float(parameters["unit_mev"]),),)))


output_maps.register("absolute")(
    OutputMapKind(
        scaled_by(factors), lambda mesh, parameters: n_cells(mesh), factors, ("unit_mev",), scaling
    )
)
