"""Absolute energy: E_cell = output · unit_mev. CaloDiT writes GeV (unit_mev = 1000)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.output_maps import OutputMapKind, output_maps


def apply(
    outputs: Array, incident_mev: Float64, mesh: Mesh, parameters: Mapping[str, Any]
) -> Array:
    """Return output · unit, in place."""
    return np.multiply(outputs, outputs.dtype.type(parameters["unit_mev"]), out=outputs)


output_maps.register("absolute")(OutputMapKind(apply, lambda mesh, parameters: n_cells(mesh)))
